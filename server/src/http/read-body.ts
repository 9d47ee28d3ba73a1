import {
  CHANNEL_VERSION,
  decodeFrames,
  MalformedFrame,
  type Frame,
  type Hello,
} from '@sheaf/proto/channel/frame';
import type { IncomingMessage } from 'node:http';

/** A request's body; null if it is longer than `bytes`, or if the request was cut or is given up (`signal`). */
export async function readBody(
  request: IncomingMessage,
  bytes: number,
  signal: AbortSignal,
): Promise<Buffer | null> {
  const said = Number(request.headers['content-length'] ?? NaN);
  if (said > bytes) return null;
  // A short body came together with its head, and is there: the events that say so come behind much else.
  const first = bytesOf(request.read());
  if (first.length > bytes) return null;
  if (first.length === said) {
    request.resume();
    return first;
  }
  const chunks = [first];
  let { length } = first;
  return new Promise((resolve) => {
    const end = (body: Buffer | null): void => {
      request.off('data', read);
      signal.removeEventListener('abort', cut);
      resolve(body);
    };
    const cut = (): void => end(null);
    const read = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > bytes) {
        request.pause();
        end(null);
      } else chunks.push(chunk);
    };
    request.on('data', read);
    request.once('end', () => end(Buffer.concat(chunks)));
    request.once('error', cut);
    request.once('close', cut);
    signal.addEventListener('abort', cut);
    if (signal.aborted || request.destroyed) cut();
  });
}

/** A body that is one `hello` of our version, and nothing else; or null. */
export function helloOf(body: Buffer): Hello | null {
  try {
    const [hello, ...others] = decodeFrames(body);
    if (hello?.type !== 'hello' || hello.version !== CHANNEL_VERSION || others.length > 0) return null;
    return hello;
  } catch (thrown) {
    if (thrown instanceof MalformedFrame) return null;
    throw thrown;
  }
}

/** The frames of a body; null if it is too long or was cut. Throws MalformedFrame. */
export async function readFrames(
  raw: IncomingMessage,
  bytes: number,
  signal: AbortSignal,
): Promise<Frame[] | null> {
  const body = await readBody(raw, bytes, signal);
  return body && [...decodeFrames(body)];
}

/** What a stream without an encoding had; null: nothing. */
function bytesOf(chunk: unknown): Buffer {
  return chunk instanceof Buffer ? chunk : Buffer.alloc(0);
}
