import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelOf, lineInSource } from './source.ts';

test('DIAGRAM-5: a diagram is called what its source says: for who does not see it, else its title', () => {
  const cases: readonly [source: string, label: string | null][] = [
    ['graph TD\n  A --> B', null],
    ['graph TD\n  accTitle: How it goes\n  accDescr: Two  steps\n A --> B', 'How it goes. Two steps'],
    ['graph TD\n accDescr {\n  Two\n  steps\n }\n A --> B', 'Two steps'],
    ['---\ntitle: From the front\nconfig:\n  theme: forest\n---\ngraph TD\n A --> B', 'From the front'],
    ['pie title Pets\n "Dogs" : 3', 'Pets'],
    ['pie showData\n title Pets of ours\n "Dogs" : 3', 'Pets of ours'],
    ['gantt\n  title Plan\n  accTitle: The plan\n', 'The plan'],
    ['graph TD\n A[untitled title] --> subtitle', null],
    [`gantt\n title ${'x'.repeat(999)}`, 'x'.repeat(300)],
  ];
  for (const [source, label] of cases) assert.equal(labelOf(source), label, source.slice(0, 40));
});

test('DIAGRAM-4: the line that is told is the source’s own, whatever Mermaid leaves out before it counts', () => {
  const cases: readonly [source: string, line: number, told: number][] = [
    ['graph TD\n A --> B\n B ---> [', 3, 3],
    ['\n\n graph TD\n A --> [', 2, 4],
    ['---\ntitle: x\n---\ngraph TD\n A --> [', 2, 5],
    ['%%{init: {\n "theme": "dark"\n}}%%\ngraph TD\n %% a comment\n A --> [', 2, 6],
    ['%% a comment\ngraph TD\n%% another\n%%\n A --> [', 2, 5],
    ['graph TD\n A -->', 9, 2],
    ['', 1, 1],
  ];
  for (const [source, line, told] of cases) assert.equal(lineInSource(source, line), told, source);
});
