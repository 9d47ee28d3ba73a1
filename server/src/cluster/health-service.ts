import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { type Health, HealthCheckResponse_ServingStatus as Status } from '@sheaf/proto/grpc';
import { setTimeout as pause } from 'node:timers/promises';

/** A watcher hears of a change after this at most, ms. */
const LOOK_MS = 500;

/**
 * gRPC's health service. `services`: the full names that it knows, beside '' for the server. `serving`: whether the server
 * takes changes now, which is what `/readyz` says.
 */
export function healthService(
  services: readonly string[],
  serving: () => boolean,
): ServiceImpl<typeof Health> {
  const known = new Set(['', ...services]);
  const now = (): Status => (serving() ? Status.SERVING : Status.NOT_SERVING);
  return {
    check({ service }) {
      if (!known.has(service)) throw new ConnectError('There is no such service here.', Code.NotFound);
      return { status: now() };
    },
    async *watch({ service }, { signal }: HandlerContext) {
      let told: Status | null = null;
      while (!signal.aborted) {
        const status = known.has(service) ? now() : Status.SERVICE_UNKNOWN;
        if (status !== told) yield { status };
        told = status;
        // It ends with the call, which is no error.
        await pause(LOOK_MS, null, { signal, ref: false }).catch(() => {});
      }
    },
  };
}
