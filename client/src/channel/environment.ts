import { createFetch } from '#http';
import type { Fetch } from './http.ts';
import type { Choices } from './memory.ts';
import type { Signals } from './wake.ts';
import { browserChoices } from './memory.ts';
import { browserSignals } from './wake.ts';

/** The part of a browser's WebSocket that carriers use; that of Node is another. */
export interface NativeWebSocket {
  binaryType: string;
  readonly protocol: string;
  readonly extensions: string;
  readonly bufferedAmount: number;
  send(data: string | ArrayBuffer | ArrayBufferView<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(
    type: 'close',
    listener: (event: { readonly code: number; readonly reason: string; readonly wasClean: boolean }) => void,
  ): void;
}

/** What a channel has from the world around it. Tests give their own. */
export interface Environment {
  /** The wall clock, ms. It goes on while a machine sleeps. */
  readonly now: () => number;
  /** Calls `fire` once, `ms` from now; returns what prevents it. */
  readonly timer: (fire: () => void, ms: number) => () => void;
  /** Numbers from 0 to below 1. */
  readonly random: () => number;
  /** Random bytes that nobody can guess. */
  readonly secret: (length: number) => Uint8Array;
  readonly fetch: Fetch;
  readonly openWebSocket: (url: string, protocols: readonly string[]) => NativeWebSocket;
  readonly signals: Signals;
  readonly choices: Choices;
}

/** The world of this browser or Node. */
export function nativeEnvironment(): Environment {
  return {
    now: () => Date.now(),
    timer: (fire, ms) => {
      const timer = setTimeout(fire, ms);
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
    secret: (length) => crypto.getRandomValues(new Uint8Array(length)),
    // By the program's conditions: a browser's own, or that of Node, whose imports no browser's bundle may hold.
    fetch: createFetch(),
    openWebSocket: (url, protocols) => new WebSocket(url, [...protocols]),
    signals: browserSignals(),
    choices: browserChoices(),
  };
}
