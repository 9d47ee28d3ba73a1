/**
 * Every bound of the server, with its unit. SPEC.md quotes them. `Limits` is what a test or a setting may
 * override; code takes the values as arguments and never reads this table by itself.
 */
export const DEFAULT_LIMITS = {
  /** One message on a plain WebSocket, bytes. */
  messageBytes: 16 * 1024 * 1024,
  /** One document, encoded, bytes. */
  documentBytes: 64 * 1024 * 1024,
  /** A document's name, bytes of UTF-8. */
  documentNameBytes: 512,
  /** One person's presence state, bytes of JSON. */
  presenceStateBytes: 4 * 1024,
  /** Presence messages to and of one session, per second; what exceeds it is coalesced to the latest. */
  presencePerSecond: 20,
  /** Presence entries of one document. */
  presenceClients: 2_000,
  /** What one connection may send before it is authenticated, bytes. */
  unauthenticatedBytes: 16 * 1024,
  /** Time to authenticate, ms. */
  authenticateMs: 10_000,
  /** Bytes that wait in one connection before presence, then updates, are held back. */
  outboundBytes: 1024 * 1024,
  /** Small messages that a peer never reads (answers to its own, mostly) end its connection: memory that they take, bytes. */
  unreadBytes: 32 * 1024 * 1024,
  /** Documents (sessions) on one connection. */
  sessionsPerConnection: 100,
  /** The id of a session behind a document's name in Hocuspocus's protocol, bytes of UTF-8. */
  sessionIdBytes: 256,
  /** Connections from one address. */
  connectionsPerAddress: 1_000,
  /** Connections of one person whom access knows, all addresses together. */
  connectionsPerPerson: 500,
  /** Messages of one connection, and of all of an address or a person together, per second; and as many at once after a pause. */
  messagesPerSecond: 5_000,
  messagesPerSecondShared: 20_000,
  messagesAtOnce: 1_000,
  /** HTTP requests that begin in one turn of the event loop. */
  requestsPerTurn: 8,
  /** Updates above this size are judged in a worker, bytes. */
  judgeBytes: 64 * 1024,
  /** Structs that the judge reads in one update before it asks the worker. */
  judgeStructs: 4_096,
  /** Delete ranges that the judge reads in one update before it asks the worker. */
  judgeRanges: 16_384,
  /** New types (elements) that one update may bring on the fast way. */
  judgeTypes: 100,
  /** What one update may bring beyond that, in the end: new delete ranges, and new clients. */
  updateRanges: 50_000,
  updateClients: 10_000,
  /** Clients (people's Yjs ids) of one document. */
  documentClients: 100_000,
  /** Deepest nesting of a document's types. */
  nesting: 100,
  /** Updates that wait for what they need, per document: bytes, and count, for each new update is held against them. */
  pendingBytes: 1024 * 1024,
  pendingUpdates: 1_000,
  /** Longest fan-out window, ms. */
  flushMs: 16,
  /** In one turn of the event loop fan-out sends for about this long, ms. */
  turnMs: 2,
  /** Time between the beginnings of two commits at least, ms; and behind one that held `busyUpdates` or more. */
  commitMs: 50,
  busyUpdates: 32,
  busyCommitMs: 200,
  /** Updates that bring structs of somebody who is here and writes them himself, per document, bytes. */
  heldBytes: 256 * 1024,
  /** Handshakes of one session whose step 2 has not come. */
  handshakes: 100,
  /** Updates of one document that wait for the worker's judgement: count, and bytes. */
  slowUpdates: 10_000,
  slowBytes: 64 * 1024 * 1024,
  /** Openings that a worker prepares at once: it makes one at a time, and each is handed the document. */
  openings: 2,
  /** Tail of updates that starts a compaction: count, or bytes if the snapshot is no larger. */
  compactUpdates: 10_000,
  compactBytes: 512 * 1024,
  /** A document is compacted this often at most while it is in use, ms. */
  compactEveryMs: 30_000,
  /** Title changes of a document are looked for this often at most, ms. */
  titleMs: 1_500,
  /** Largest document that a server-side edit opens on the main thread, bytes. */
  editBytes: 512 * 1024,
  /** A document without subscribers leaves memory after, ms. */
  idleMs: 30_000,
  /** A plain connection is sent something at least this often, ms. */
  keepAliveMs: 12_000,
  /** A connection that sent nothing, not even a pong, is ended after, ms. */
  deadMs: 45_000,
  /** Removed presence is remembered, so that a late echo cannot bring it back, ms. */
  presenceTombstoneMs: 60_000,
  /** Every WebSocket is sent a ping of its own this often, ms. */
  pingMs: 15_000,
  /** A WebSocket that we close is cut if the peer has not answered by then, ms. */
  closeMs: 5_000,
  /** What a channel keeps of what it sent until that is acknowledged: bytes, and frames. */
  channelRingBytes: 4 * 1024 * 1024,
  channelRingFrames: 65_536,
  /** And beside that of what documents are opened with and of messages in parts, whose bytes channels share, bytes. */
  channelLargeBytes: 96 * 1024 * 1024,
  /** And all of that of one address together, where what channels share counts once, bytes. */
  channelLargePerAddress: 256 * 1024 * 1024,
  /** What a channel's carrier brings at once, in a POST or a WebSocket message: a part of 256 KiB with what stands before it, bytes. */
  channelPostBytes: 264 * 1024,
  /** What one answer to a poll brings, bytes; the rest comes with the next. */
  channelPollBytes: 1024 * 1024,
  /** A channel without a carrier ends after, ms. */
  channelResumeMs: 60_000,
  /** A channel's carrier is sent something at least this often, ms. */
  channelHeartbeatMs: 10_000,
  /** A channel's carrier that brought nothing is taken for lost after, ms. */
  channelDeadMs: 25_000,
  /** A message of which only parts came ends its channel if no other comes within, ms. */
  channelPartMs: 60_000,
  /** A poll without news is answered after, ms. */
  channelPollMs: 15_000,
  /** What came over a WebSocket is acknowledged after, ms, or when it is so many frames or bytes. */
  channelAckMs: 1_000,
  channelAckFrames: 32,
  channelAckBytes: 64 * 1024,
  /** WebSockets of one channel at once: one that carries, others that prove themselves or are about to close. */
  channelWebSockets: 4,
  /** Presence that waits for a channel's next poll, bytes. */
  channelPresenceBytes: 64 * 1024,
  /** Channels are looked after this often, ms. */
  channelBeatMs: 1_000,
  /** A server that drains asks channels to come back within, ms. */
  channelDrainMs: 5_000,
  /** A request of the API, bytes. */
  apiRequestBytes: 64 * 1024,
  /** One upload, and one part of it, which is a request, bytes. */
  uploadBytes: 25 * 1024 * 1024,
  uploadPartBytes: 1024 * 1024,
  /** Uploads that one document has. */
  documentUploads: 2_000,
  /** Uploads that have not come whole, and those of one author. */
  uploadsUnfinished: 500,
  uploadsUnfinishedPerAuthor: 50,
  /** Parts that are read at once, and those of one address. */
  uploadsAtOnce: 32,
  uploadsPerAddress: 8,
  /** An upload is not taken where less than this would be left of the disk, bytes. */
  uploadFreeBytes: 256 * 1024 * 1024,
  /** An upload that nothing refers to, and one that did not come whole, go after, ms. */
  uploadGraceMs: 24 * 3_600_000,
  /** Another node has so long to bring an upload that it is offered, ms. */
  uploadTakeMs: 60_000,
  /** A request's headers, and then the whole request, must be there after, ms. */
  requestMs: 30_000,
  /** Updates that wait for one other node, bytes; beyond it that node fetches what it lacks. */
  peerQueueBytes: 4 * 1024 * 1024,
  /** Updates, and presence, of one batch to another node, bytes. A larger update is fetched. */
  peerBatchBytes: 1024 * 1024,
  /** One message between nodes, bytes. */
  peerMessageBytes: 4 * 1024 * 1024,
  /** A chunk of what is fetched from another node, bytes. */
  peerChunkBytes: 256 * 1024,
  /** Between nodes: a sign of life at least this often, suspect without one after, dead after, ms. */
  peerHeartbeatMs: 2_000,
  peerSuspectMs: 6_000,
  peerDeadMs: 10_000,
  /** Another node has so long to greet, to answer, and to go on with an answer, ms. */
  peerAnswerMs: 5_000,
  /** A lost node is dialled again after about so long, ms. */
  peerRetryMs: 500,
  /** Nodes compare what they hold this often, and while one of them is out of reach, ms. */
  compareMs: 30_000,
  compareApartMs: 2_000,
  /** Documents of one answer when nodes compare, about. */
  compareDocuments: 2_000,
  /** Documents that are fetched from one node at once. */
  fetchesAtOnce: 4,
  /** A fetch or a comparison that failed is tried again after, ms. */
  healAgainMs: 1_000,
  /** Of a log that nodes share: what was told may take so long to come before it is read, ms. */
  logGraceMs: 50,
  /** What came from another node and is not known to be in the log after so long is written here, ms. */
  logTakeOverMs: 2_000,
  /** Where the logs of open documents end is asked this often, and this often while some node is not linked, ms. */
  logFollowMs: 10_000,
  logFollowApartMs: 2_000,
  /** A node says that it lives this often, and is looked for when it was silent for no longer than, ms. */
  memberBeatMs: 2_000,
  memberDeadMs: 10_000,
  /** Where acknowledgements wait for other nodes: who waits is told after, and a request of the API is answered after, ms. */
  copiesLateMs: 1_000,
  copiesAnswerMs: 5_000,
  /** A drain ends the process after, ms. */
  drainMs: 30_000,
  /** Days that history segments are kept; 0 keeps none. */
  historyDays: 365,
} as const;

/** The bounds in force: {@link DEFAULT_LIMITS}, or what a setting or test put in their place. */
export type Limits = { readonly [K in keyof typeof DEFAULT_LIMITS]: number };
