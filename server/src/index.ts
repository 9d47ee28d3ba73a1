export { startServer } from './main.ts';
export type { Server, ServerOptions } from './main.ts';
export type { Access, Grant, Principal, Role } from './access/access.ts';
export { OpenAccess } from './access/open.ts';
export { JwtAccess, remoteKeys } from './access/jwt.ts';
export { SheafError } from './error.ts';
export { DEFAULT_LIMITS } from './limits.ts';
export type { Limits } from './limits.ts';
