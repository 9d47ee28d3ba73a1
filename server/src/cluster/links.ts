import { Code, ConnectError } from '@connectrpc/connect';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Batch, Hello, LinkMessageSchema } from '@sheaf/proto/replication';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import { type Certificate, isNamed } from './certificate.ts';
import { agreeOnCluster, type Identity, parseClusterId, parseNodeId } from './identity.ts';
import { LinkCodec } from './link-codec.ts';
import type { Incarnation, Message, NodeId, PeerFeatures } from './message.ts';
import { Outbox } from './outbox.ts';
import type { NodeAddress } from './remote.ts';
import type { ClusterEvent } from './cluster-event.ts';

const VERSION = 1;
/** What a node can do (`Hello.features`): it stores every document, or works on a log that nodes share; tells what it has on disk; asks to be told. */
const REPLICA = 'replica';
const SHARED = 'shared';
const TELLS_PERSISTED = 'tells-persisted';
const ASKS_PERSISTED = 'asks-persisted';
/** In the metadata of a refusal: who refuses. */
export const NODE_HEADER = 'sheaf-node-id';

/** A batch on its way out. */
export interface BatchInit {
  readonly sequence: bigint;
  readonly messages: MessageInitShape<typeof LinkMessageSchema>[];
}

/** Who greeted us. */
export interface Greeting {
  readonly node: NodeId;
  readonly incarnation: Incarnation;
  readonly features: PeerFeatures;
  readonly shared: boolean;
  /** Where it says that it is called. */
  readonly address: string;
}

/** A stream to another node behind the greeting. */
export interface OpenLink {
  readonly id: number;
  readonly peer: Greeting;
  /** Which of the two has dialled. */
  readonly dialler: NodeId;
  readonly outbox: Outbox<{ batch: BatchInit }>;
  /** A batch came. Throws `malformed`: the link is to be ended. */
  receive(batch: Batch): void;
}

interface Kept extends OpenLink {
  readonly codec: LinkCodec;
  readonly cut: () => void;
}

/** What the links of a node tell it. */
export interface LinkHost {
  event(event: ClusterEvent): void;
  /** This node's documents lie in a log that nodes share. */
  readonly shared: boolean;
  /** Acknowledgements here wait for other nodes' disks. */
  readonly asksPersisted: boolean;
  /** Nothing was heard of this node for a while. */
  isSuspect(node: NodeId): boolean;
}

/** The links of one node: greets, keeps one link per pair, and carries batches. */
export class Links {
  readonly #identity: Identity;
  readonly #limits: Limits;
  readonly #host: LinkHost;
  readonly #open = new Map<number, Kept>();
  #ids = 0;
  /** Where this node is called, for its greeting. */
  address = '';

  constructor(identity: Identity, limits: Limits, host: LinkHost) {
    this.#identity = identity;
    this.#limits = limits;
    this.#host = host;
  }

  /** The link to a node. */
  linkTo(node: NodeId): OpenLink | null {
    return this.#linkTo(node);
  }

  #linkTo(node: NodeId): Kept | null {
    for (const link of this.#open.values()) if (link.peer.node === node) return link;
    return null;
  }

  /** The first batch of a link. */
  greeting(): { batch: BatchInit } {
    const { cluster, node, incarnation } = this.#identity;
    const value = {
      version: VERSION,
      features: this.#features(),
      clusterId: cluster.id,
      clusterCreated: BigInt(cluster.created),
      nodeId: node,
      incarnation: BigInt(`0x${incarnation}`),
      address: this.address,
    };
    return { batch: { sequence: 0n, messages: [{ kind: { case: 'hello', value } }] } };
  }

  #features(): string[] {
    if (this.#host.shared) return [SHARED];
    return this.#host.asksPersisted ? [REPLICA, TELLS_PERSISTED, ASKS_PERSISTED] : [REPLICA, TELLS_PERSISTED];
  }

  /**
   * Reads the other's first batch, joins its cluster if it is to, and refuses whom it must. `dialled`: by us.
   * `certificate`: what it has proved to be, null without TLS. Throws ConnectErrors, whose metadata say who we are.
   */
  async greet(
    first: Batch | undefined,
    { dialled, certificate }: { dialled: boolean; certificate: Certificate | null },
  ): Promise<Greeting> {
    const [message] = first?.messages ?? [];
    if (message?.kind.case !== 'hello')
      throw this.#refusal('A link begins with a greeting.', Code.InvalidArgument);
    const hello = message.kind.value;
    if (hello.version !== VERSION)
      throw this.#refusal(`This node speaks version ${VERSION}.`, Code.FailedPrecondition);
    const greeting = this.#read(hello);
    if (certificate !== null && !isNamed(certificate, greeting.node))
      throw this.#refusal(`The certificate is not that of a node ${greeting.node}.`, Code.PermissionDenied);
    if (greeting.node === this.#identity.node) {
      const self = greeting.incarnation === this.#identity.incarnation;
      if (self) throw this.#refusal('A node called itself.', Code.AlreadyExists);
      throw this.#refusal(`Another node is called ${greeting.node}, too.`, Code.FailedPrecondition);
    }
    if (greeting.shared !== this.#host.shared)
      throw this.#refusal(
        'One of the nodes works on a database that nodes share, and the other has a disk of its own.',
        Code.FailedPrecondition,
      );
    await this.#joinCluster(hello);
    this.refuseSurplus(greeting, dialled);
    return greeting;
  }

  #read(hello: Hello): Greeting {
    try {
      return {
        node: parseNodeId(hello.nodeId),
        // 64 bits as 16 digits, as `Identity` draws them.
        incarnation: hello.incarnation.toString(16).padStart(16, '0') as Incarnation,
        features: {
          replica: hello.features.includes(REPLICA),
          tellsPersisted: hello.features.includes(TELLS_PERSISTED),
          asksPersisted: hello.features.includes(ASKS_PERSISTED),
        },
        shared: hello.features.includes(SHARED),
        address: hello.address,
      };
    } catch (thrown) {
      throw this.#refusal(SheafError.from(thrown).message, Code.InvalidArgument);
    }
  }

  async #joinCluster(hello: Hello): Promise<void> {
    const theirs = parseClusterId(hello.clusterId, Number(hello.clusterCreated));
    const agreed = agreeOnCluster(this.#identity.cluster, theirs, Date.now());
    if (agreed === null)
      throw this.#refusal(
        'The nodes are of two clusters (cluster.json in SHEAF_DATA).',
        Code.FailedPrecondition,
      );
    await this.#identity.adopt(agreed);
  }

  /** One link per pair: of two, the one that the smaller id has dialled stays. Throws a ConnectError for the other. */
  refuseSurplus(greeting: Greeting, dialled: boolean): void {
    const present = this.#linkTo(greeting.node);
    if (present === null) return;
    if (present.peer.incarnation !== greeting.incarnation) {
      // Its former life may have gone without a word; or two live nodes have one name.
      if (this.#host.isSuspect(greeting.node)) return;
      throw this.#refusal(`A node called ${greeting.node} is linked already.`, Code.FailedPrecondition);
    }
    const own = this.#identity.node;
    const smaller = own < greeting.node ? own : greeting.node;
    const dialler = dialled ? own : greeting.node;
    if (present.dialler === smaller && dialler !== smaller)
      throw this.#refusal('The nodes are linked already.', Code.AlreadyExists);
  }

  #refusal(words: string, code: Code): ConnectError {
    return new ConnectError(words, code, { [NODE_HEADER]: this.#identity.node });
  }

  /** Takes a link into use; `cut` ends its stream at once. */
  add(peer: Greeting, dialled: boolean, cut: () => void): OpenLink {
    this.#ids += 1;
    const id = this.#ids;
    const codec = new LinkCodec();
    const link: Kept = {
      id,
      peer,
      dialler: dialled ? this.#identity.node : peer.node,
      outbox: new Outbox(),
      codec,
      cut,
      receive: ({ sequence, messages }) => {
        const read = messages.map((message) => codec.decode(message)).filter((message) => message !== null);
        this.#host.event({ kind: 'received', link: id, batch: Number(sequence), messages: read });
      },
    };
    this.#open.set(id, link);
    const { node, incarnation, features } = peer;
    this.#host.event({ kind: 'linked', link: id, node, incarnation, features });
    return link;
  }

  /** Its stream has ended. */
  remove(id: number): void {
    const link = this.#open.get(id);
    if (link === undefined) return;
    this.#open.delete(id);
    link.outbox.end();
    this.#host.event({ kind: 'unlinked', link: id });
  }

  /** Ends a stream at once. */
  cut(id: number): void {
    this.#open.get(id)?.cut();
  }

  /** Writes a batch; the event `written` follows. */
  send(id: number, batch: number, messages: readonly Message[]): void {
    const link = this.#open.get(id);
    if (link === undefined) return;
    const encoded = messages
      .map((message) => link.codec.encode(message))
      .filter((message) => message !== null);
    link.outbox.put({ batch: { sequence: BigInt(batch), messages: encoded } }, () =>
      this.#host.event({ kind: 'written', link: id }),
    );
  }

  /** Lets what is being sent go out, and ends all links. */
  async close(): Promise<void> {
    for (const { outbox } of this.#open.values()) outbox.end();
    const end = performance.now() + this.#limits.peerHeartbeatMs;
    while (this.#open.size > 0 && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 10));
    for (const { cut } of this.#open.values()) cut();
  }
}

/** Where a node that was not dialled can be called: what it said, at the address that it comes from. */
export function advertisedAddress(text: string, cameFrom: string | undefined): NodeAddress | null {
  const found = /^(.*):(\d{1,5})$/.exec(text);
  if (found === null) return null;
  const host = (found[1] ?? '').replace(/^\[(.*)\]$/, '$1') || cameFrom;
  return host === undefined ? null : { host, port: Number(found[2]) };
}
