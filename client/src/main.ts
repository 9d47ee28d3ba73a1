import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { createConnectTransport } from '@connectrpc/connect-web';
import { mount } from 'svelte';
import App from './App.svelte';
import { DocumentList } from './state/document-list.svelte.ts';
import { Documents } from './state/documents.ts';
import { Router } from './state/router.svelte.ts';
import { Self } from './state/self.svelte.ts';
import type { Sessions } from './state/sessions.ts';

const endpoint = new URL('/hocuspocus', location.origin);
endpoint.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const documents = new Documents(createConnectTransport({ baseUrl: location.origin }));
const list = new DocumentList(documents);
const router = new Router();
const self = new Self(storage(), Math.random);

let opened: Sessions | undefined;
async function sessions(): Promise<Sessions> {
  const module = await import('./state/sessions.ts');
  return (opened ??= new module.Sessions(endpoint.href));
}

window.addEventListener('beforeunload', (event) => {
  if (opened && opened.unsavedChanges > 0) event.preventDefault();
});
router.listen(new AbortController().signal);
void list.load();
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void list.load();
});

const target = document.getElementById('app');
if (target) mount(App, { target, props: { documents, list, router, self, sessions } });

function storage(): Storage | null {
  try {
    return localStorage;
  } catch {
    // Browsers that keep nothing for this site throw at the mere mention.
    return null;
  }
}
