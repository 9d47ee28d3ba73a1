export {
  Health,
  HealthCheckRequestSchema,
  HealthCheckResponse_ServingStatus,
  HealthCheckResponseSchema,
} from '../gen/grpc/health/v1/health_pb.js';
export { ServerReflection, ServerReflectionResponseSchema } from '../gen/grpc/reflection/v1/reflection_pb.js';
export type { ServerReflectionRequest } from '../gen/grpc/reflection/v1/reflection_pb.js';
export { ServerReflection as ServerReflectionAlpha } from '../gen/grpc/reflection/v1alpha/reflection_pb.js';
