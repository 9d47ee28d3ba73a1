import * as Y from 'yjs';

/** Deeper content is left out, so that no document can exhaust the stack. */
const DEEPEST = 200;

/** The words of `fragment`, a line for each block, whatever its structure: the way out when the editor fails. */
export function plainText(fragment: Y.XmlFragment): string {
  const lines: string[] = [];
  collect(fragment, lines, 0);
  return lines.join('\n');
}

function collect(type: Y.XmlFragment, lines: string[], depth: number): void {
  if (depth > DEEPEST) return;
  let line = '';
  for (const child of type.toArray()) {
    if (child instanceof Y.XmlText) line += words(child);
    else if (child instanceof Y.XmlElement && child.nodeName === 'hardBreak') line += '\n';
    else if (child instanceof Y.XmlFragment) collect(child, lines, depth + 1);
  }
  const block = type instanceof Y.XmlElement && (line !== '' || type.length === 0);
  if (block || line !== '') lines.push(line);
}

function words(text: Y.XmlText): string {
  const delta: { insert?: unknown }[] = text.toDelta();
  return delta.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('');
}
