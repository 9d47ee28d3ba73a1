import * as Y from 'yjs';
import { below, clientId, seeded } from './random.ts';
import type { Random } from './random.ts';

/** The name of the fragment that editors bind to. */
const FRAGMENT = 'default';
const LETTERS = 'etaoinshrdlucmfwypvbgkqjxz';

function letter(random: Random): string {
  // Squaring prefers the front of the list, where the frequent letters are.
  return random() < 0.17 ? ' ' : (LETTERS[Math.floor(random() ** 2 * LETTERS.length)] ?? 'e');
}

function addParagraph(fragment: Y.XmlFragment, at: number): Y.XmlText {
  const paragraph = new Y.XmlElement('paragraph');
  const text = new Y.XmlText();
  paragraph.insert(0, [text]);
  fragment.insert(at, [paragraph]);
  return text;
}

/** The text of paragraph `at`. Throws if there is none: only documents made here are asked. */
function paragraphText(doc: Y.Doc, at: number): Y.XmlText {
  const paragraph = doc.getXmlFragment(FRAGMENT).get(at);
  const text = paragraph instanceof Y.XmlElement ? paragraph.get(0) : undefined;
  if (!(text instanceof Y.XmlText)) throw new Error(`paragraph ${at} holds no text`);
  return text;
}

/**
 * A document as somebody types it, keystroke by keystroke: words, typos taken back, jumps to another place,
 * new paragraphs; about `length` characters remain. One Yjs update, V1.
 */
export function typedDocument(options: { length: number; seed: number }): Uint8Array {
  const random = seeded(options.seed);
  const doc = new Y.Doc();
  doc.clientID = clientId(random);
  const fragment = doc.getXmlFragment(FRAGMENT);
  let text = addParagraph(fragment, 0);
  let cursor = 0;
  for (let length = 0; length < options.length;) {
    const choice = random();
    if (choice < 0.02 && cursor > 0) {
      const taken = Math.min(cursor, 1 + below(random, 8));
      cursor -= taken;
      length -= taken;
      text.delete(cursor, taken);
    } else if (choice < 0.024) {
      text = paragraphText(doc, below(random, fragment.length));
      cursor = below(random, text.length + 1);
    } else if (choice < 0.028) {
      text = addParagraph(fragment, below(random, fragment.length + 1));
      cursor = 0;
    } else {
      text.insert(cursor, letter(random));
      cursor += 1;
      length += 1;
    }
  }
  return Y.encodeStateAsUpdate(doc);
}

/** Several people typing into one document at once, recorded ahead of time. */
export interface TypingSession {
  /** The document before anybody types: Yjs update and state vector, V1. */
  readonly base: Uint8Array;
  readonly baseVector: Uint8Array;
  /** Yjs client id of each writer. */
  readonly clients: readonly number[];
  /** Update `i` comes from writer `i % clients.length`. */
  readonly updates: readonly Uint8Array[];
  /** The writer's clock once update `i` is applied. Each update raises its writer's clock. */
  readonly clocks: readonly number[];
}

interface Writer {
  readonly doc: Y.Doc;
  readonly text: Y.XmlText;
  cursor: number;
}

function keystroke(writer: Writer, random: Random): void {
  const { doc, text } = writer;
  if (random() < 0.02) writer.cursor = below(random, text.length + 1);
  // A letter put in another's place raises the clock as well, so every update can be found in the replica.
  const replaces = writer.cursor > 0 && random() < 0.1;
  doc.transact(() => {
    if (replaces) {
      writer.cursor -= 1;
      text.delete(writer.cursor, 1);
    }
    text.insert(writer.cursor, letter(random));
  });
  writer.cursor += 1;
}

/**
 * Records `count` updates of `writers` people, one letter each, taking turns. Everybody types in a paragraph of
 * their own, so that no update needs another person's: whatever the order in which a server gets them from
 * different connections, Yjs applies each at once, and a late one says nothing but that it was late.
 */
export function recordTyping(options: { writers: number; count: number; seed: number }): TypingSession {
  const random = seeded(options.seed);
  const baseDoc = new Y.Doc();
  baseDoc.clientID = clientId(random);
  const fragment = baseDoc.getXmlFragment(FRAGMENT);
  for (let at = 0; at < Math.max(100, options.writers); at += 1) {
    const text = addParagraph(fragment, at);
    text.insert(0, Array.from({ length: 200 }, () => letter(random)).join(''));
  }
  const base = Y.encodeStateAsUpdate(baseDoc);
  const updates: Uint8Array[] = [];
  const clocks: number[] = [];
  const writers = Array.from({ length: options.writers }, (_, index): Writer => {
    const doc = new Y.Doc();
    doc.clientID = clientId(random);
    Y.applyUpdate(doc, base);
    doc.on('update', (update: Uint8Array) => updates.push(update));
    return { doc, text: paragraphText(doc, index), cursor: 100 };
  });
  while (updates.length < options.count) {
    for (const writer of writers) {
      keystroke(writer, random);
      clocks.push(Y.getState(writer.doc.store, writer.doc.clientID));
    }
  }
  return {
    base,
    baseVector: Y.encodeStateVector(baseDoc),
    clients: writers.map(({ doc }) => doc.clientID),
    updates: updates.slice(0, options.count),
    clocks: clocks.slice(0, options.count),
  };
}
