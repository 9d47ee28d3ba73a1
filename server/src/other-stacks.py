"""Talks to a node with Python's grpcio: health, reflection, a link. Prints each answer's bytes in hexadecimal digits."""

import sys

import grpc

address, greeting = sys.argv[1:]
SECONDS = 20


def same(data):
    return data


with grpc.insecure_channel(address) as channel:
    check = channel.unary_unary("/grpc.health.v1.Health/Check", same, same)
    print(check(b"", timeout=SECONDS).hex())
    # list_services, field 7: "".
    ask = channel.stream_stream("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", same, same)
    print(next(ask(iter([b"\x3a\x00"]), timeout=SECONDS)).hex())
    link = channel.stream_stream("/sheaf.replication.v1.ReplicationService/Link", same, same)
    answers = link(iter([bytes.fromhex(greeting)]), timeout=SECONDS)
    print(next(answers).hex())
    answers.cancel()
