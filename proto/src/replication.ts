export {
  BatchSchema,
  FetchUpdatesResponse_Outcome,
  LinkMessageSchema,
  LinkRequestSchema,
  LinkResponseSchema,
  Node_State,
  PresenceSchema,
  TombstoneSchema,
  ReplicationService,
} from '../gen/sheaf/replication/v1/replication_pb.js';
export type {
  Batch,
  FetchAuthorsResponse,
  Hello,
  LinkMessage,
  PresenceEntry,
} from '../gen/sheaf/replication/v1/replication_pb.js';
