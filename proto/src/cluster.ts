export { ClusterService, LinkState } from '../gen/sheaf/cluster/v1/cluster_pb.js';
export type { ClusterLink, ClusterNode, GetOverviewResponse } from '../gen/sheaf/cluster/v1/cluster_pb.js';
