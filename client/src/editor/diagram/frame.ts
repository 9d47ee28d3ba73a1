import address from 'virtual:diagram-frame';
import { GREETING } from './frame-messages.ts';
import { GREET_MS, LOAD_MS } from './limits.ts';

/** A frame that draws. */
export interface DrawingFrame {
  /** Takes a `DrawRequest`, gives what `readAnswer` reads. */
  readonly port: MessagePort;
  /** Stops whatever it does. */
  close(): void;
}

/** Opens a frame; null if there is none to be had, as without a network. */
export type OpenFrame = () => Promise<DrawingFrame | null>;

/** As wide as the text, since some diagrams are drawn as wide as there is room, px. */
const [WIDTH, HEIGHT] = [760, 600];

/**
 * Opens the frame that draws, where nobody sees it: a sandbox that may run scripts and nothing else, of no origin (SPEC
 * DIAGRAM-2). Browsers give it a process of its own, so that the page goes on whatever it does.
 */
export const openFrame: OpenFrame = () =>
  new Promise((resolve) => {
    // No part of the page, also where it is wider than the window; but laid out, for letters are measured in it.
    const holder = document.createElement('div');
    holder.style.cssText = 'position:fixed;inline-size:0;block-size:0;overflow:hidden;visibility:hidden';
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.referrerPolicy = 'no-referrer';
    frame.ariaHidden = 'true';
    frame.tabIndex = -1;
    frame.width = String(WIDTH);
    frame.height = String(HEIGHT);
    frame.src = address;
    const greeted = new AbortController();
    const done = (port: MessagePort | null) => {
      if (greeted.signal.aborted) return;
      greeted.abort();
      if (!port) holder.remove();
      resolve(port && { port, close: () => holder.remove() });
    };
    addEventListener(
      'message',
      ({ source, origin, data, ports: [port] }) => {
        if (source !== frame.contentWindow || source === null) return;
        // Not ours, or, where a proxy took the sandbox away, of this page's origin.
        done(data === GREETING && origin === 'null' && port ? port : null);
      },
      { signal: greeted.signal },
    );
    frame.addEventListener('load', () => setTimeout(done, GREET_MS, null));
    setTimeout(done, LOAD_MS, null);
    holder.append(frame);
    document.body.append(holder);
  });
