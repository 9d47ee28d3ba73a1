import { startNodeProcesses } from '../../server/src/node-process-for-tests.ts';
import { settingsOf } from '../server.ts';
import { expect, test } from '../site.ts';
import { Person } from './person.ts';

/** All are back within, ms. */
const BACK_MS = 10_000;

test('OPER-9 a channel that was told of other servers goes to one when its own is killed or drains, and nothing is lost', async ({
  form,
}, info) => {
  await using started = await startNodeProcesses(3, settingsOf(form));
  const { nodes } = started;
  const others = nodes.map(({ url }) => url);
  const people: Person[] = [];
  // Two are on the first node, one on the second.
  for (const at of [0, 0, 1]) {
    const base = nodes[at]?.url.replace('http', 'ws') ?? '';
    people.push(Person.hocuspocus(base, 'plan', { others: others.filter((_, other) => other !== at) }));
    people.push(
      Person.yWebSocket(`${base}/yjs`, 'notes', { others: others.filter((_, other) => other !== at) }),
    );
  }
  const settled = (): number => people.filter(({ synced, unsynced }) => synced && unsynced === 0).length;
  await expect.poll(settled).toBe(people.length);
  const words: string[] = [];
  const type = (): void => {
    for (const [at, person] of people.entries()) {
      const word = `w${String(words.length)}p${String(at)} `;
      person.type(word);
      words.push(word);
    }
  };
  const isWhole = (): boolean => words.every((word) => people.some((person) => person.text.includes(word)));
  const equal = (): number => new Set(people.map(({ text }) => text)).size;
  for (const end of ['SIGKILL', 'SIGTERM'] as const) {
    const typing = setInterval(type, 50);
    await new Promise((resolve) => setTimeout(resolve, 300));
    // The second one ends while the first is dead.
    const victim = end === 'SIGKILL' ? nodes[0] : nodes[1];
    const began = performance.now();
    if (end === 'SIGKILL') await victim?.kill();
    else victim?.signal(end);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    clearInterval(typing);
    // While it drains it serves those who have not gone yet: that they are elsewhere is sure when it has ended.
    await victim?.ended();
    await expect.poll(settled, { timeout: BACK_MS }).toBe(people.length);
    await expect.poll(equal).toBe(2);
    expect(isWhole()).toBe(true);
    const description = `all are back and equal after ${String(Math.round(performance.now() - began))} ms`;
    info.annotations.push({ type: 'measured', description: `${end}, ${description}; ` });
  }
  for (const person of people) person.leave();
});
