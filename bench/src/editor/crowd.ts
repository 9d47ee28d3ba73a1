import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { HocuspocusProvider } from '@hocuspocus/provider';
import * as Y from 'yjs';
import { clientId, seeded } from '../random.ts';
import { flowLayout, treeLayout } from './layout.ts';
import type { Stretch } from './layout.ts';

/*
 * People in a process of their own who type, each in a text of their own, at random times. Says `ready` when they are there, and
 * types from the line `type` on; each line after that tells how many letters were typed so far. Ends with its standard input.
 */
const { values } = parseArgs({
  options: {
    server: { type: 'string', default: '' },
    document: { type: 'string', default: '' },
    layout: { type: 'string', default: 'flow' },
    people: { type: 'string', default: '20' },
    /** Letters a second, each. */
    rate: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
  },
});
const layout = values.layout === 'tree' ? treeLayout : flowLayout;
const random = seeded(Number(values.seed));
const people = await Promise.all(Array.from({ length: Number(values.people) }, (_, index) => join(index)));
process.stdout.write('ready\n');
await new Promise<void>((resolve) => process.stdin.once('data', () => resolve()));
process.stdin.on('end', () => process.exit(0)).resume();
let typed = 0;
for (const person of people) void type(person);

interface Typist {
  readonly stretch: Stretch;
}

async function join(index: number): Promise<Typist> {
  const doc = new Y.Doc();
  doc.clientID = clientId(random);
  const { promise, resolve } = Promise.withResolvers<void>();
  const provider = new HocuspocusProvider({
    url: values.server,
    name: values.document,
    document: doc,
    onSynced: () => resolve(),
  });
  await promise;
  provider.setAwarenessField('user', { name: `Person ${index + 1}`, color: '#2f7d6b' });
  const stretches = layout.stretches(doc);
  const stretch = stretches[Math.floor(((index + 0.5) * stretches.length) / Number(values.people))];
  if (!stretch) throw new Error('The document has no text.');
  return { stretch };
}

async function type({ stretch }: Typist): Promise<void> {
  for (let offset = 0; ; offset += 1) {
    await wait((-Math.log(1 - random()) * 1_000) / Number(values.rate));
    stretch.insert(offset, offset % 6 === 5 ? ' ' : 'a');
    typed += 1;
    process.stdout.write(`${typed}\n`);
  }
}
