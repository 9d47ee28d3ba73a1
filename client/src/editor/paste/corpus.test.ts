import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import { readPage } from './readers.ts';

const CORPUS = new URL('corpus/', import.meta.url);
const schema = documentSchema();

/* Each clipboard, as a program writes it, beside the document that it has to become, as Markdown. */
for (const name of readdirSync(CORPUS).filter((file) => file.endsWith('.html')))
  test(`PASTE-1: ${name} keeps its structure`, () => {
    const doc = readPage(schema, readFileSync(new URL(name, CORPUS), 'utf8'));
    doc.check();
    const wanted = readFileSync(new URL(name.replace('.html', '.md'), CORPUS), 'utf8');
    assert.equal(writeMarkdown(doc), wanted);
  });
