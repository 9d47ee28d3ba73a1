export { ChannelSocket } from './channel-socket.ts';
export type { ChannelSocketOptions } from './channel-socket.ts';
export type { ChannelStatus } from './status.ts';
export type { Environment, NativeWebSocket } from './environment.ts';
export type { Rung, Trouble } from './rung.ts';
