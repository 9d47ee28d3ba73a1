export {
  CompactResponseSchema,
  FetchUpdatesResponse_Outcome,
  LinkMessageSchema,
  LinkRequestSchema,
  LinkResponseSchema,
  ListNodesResponseSchema,
  LocateDocumentResponseSchema,
  Node_State,
  PresenceSchema,
  TombstoneSchema,
  ReplicationService,
} from '../gen/sheaf/replication/v1/replication_pb.js';
export type {
  Batch,
  CompactResponse,
  DocumentDigest,
  Finding,
  Hello,
  LinkMessage,
  ListNodesResponse,
  LocateDocumentResponse,
  PresenceEntry,
} from '../gen/sheaf/replication/v1/replication_pb.js';
