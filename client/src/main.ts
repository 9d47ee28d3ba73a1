import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/arabic.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/high-contrast.css';
import { protectPage } from './editor/html/trusted-types.ts';
import { RUNGS } from './channel/rung.ts';
import { parsePath } from './state/route.ts';
import { EarlySocket } from './sync/early-socket.ts';

/*
 * The first of the page that runs, and small for that: the way to the server is looked for while the rest is loaded. On
 * networks that block WebSockets finding it takes seconds.
 */

protectPage(window);

/** `?carrier=` of the first address forces one, for tests and for who looks for a fault. */
const asked = new URLSearchParams(location.search).get('carrier');
const carrier = RUNGS.find((rung) => rung === asked) ?? null;
const endpoint = new URL('/hocuspocus', location.origin);
endpoint.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const isDocument = parsePath(location.pathname).page === 'document';
const early = isDocument ? new EarlySocket(endpoint.href, carrier) : null;
// Asked for before there is anything to show them in; who needs them asks again, and sees the failure.
if (isDocument)
  for (const part of [import('./pages/DocumentPage.svelte'), import('./state/sessions.ts')])
    part.catch(() => undefined);
// Not awaited: what the app imports of this file's would wait for that, and neither would ever begin.
void import('./app.ts').then(({ start }) => start({ url: endpoint.href, carrier, early }));
