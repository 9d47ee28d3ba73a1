import {
  createRegistry,
  type DescFile,
  type DescService,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, type ServiceImpl } from '@connectrpc/connect';
import type {
  ServerReflection,
  ServerReflectionAlpha,
  ServerReflectionRequest,
  ServerReflectionResponseSchema,
} from '@sheaf/proto/grpc';

type Answer = NonNullable<MessageInitShape<typeof ServerReflectionResponseSchema>['messageResponse']>;

/** gRPC's reflection service over these services. */
export function reflectionService(services: readonly DescService[]): ServiceImpl<typeof ServerReflection> {
  const registry = createRegistry(...services.map(({ file }) => file));
  const files = new Map<string, DescFile>();
  for (const { file } of services)
    for (const each of [file, ...file.dependencies]) files.set(`${each.name}.proto`, each);

  const answer = ({ messageRequest }: ServerReflectionRequest): Answer => {
    switch (messageRequest.case) {
      case 'listServices':
        return {
          case: 'listServicesResponse',
          value: { service: services.map(({ typeName: name }) => ({ name })) },
        };
      case 'fileByFilename':
        return describe(files.get(messageRequest.value));
      case 'fileContainingSymbol':
        return describe(fileOf(messageRequest.value));
      default:
        // There are no extensions here.
        return describe(undefined);
    }
  };

  /** A method is found through its service. */
  const fileOf = (symbol: string): DescFile | undefined =>
    (registry.get(symbol) ?? registry.getService(symbol.slice(0, symbol.lastIndexOf('.'))))?.file;

  return {
    async *serverReflectionInfo(requests) {
      for await (const request of requests)
        yield {
          validHost: request.host,
          originalRequest: request,
          messageResponse: answer(request),
        };
    },
  };
}

/** The same under its older name: the messages differ in their packages alone. */
export function reflectionAlphaService(
  services: readonly DescService[],
): ServiceImpl<typeof ServerReflectionAlpha> {
  // What is the same on the wire has two types here.
  return reflectionService(services) as unknown as ServiceImpl<typeof ServerReflectionAlpha>;
}

function describe(file: DescFile | undefined): Answer {
  if (file === undefined)
    return {
      case: 'errorResponse',
      value: { errorCode: Code.NotFound, errorMessage: 'There is no such thing.' },
    };
  const fileDescriptorProto = [file, ...file.dependencies].map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}
