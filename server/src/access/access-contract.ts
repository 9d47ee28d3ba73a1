import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SheafError } from '../error.ts';
import { parseDocumentName } from '../store/document-name.ts';
import type { Access } from './access.ts';

/** What every {@link Access} promises, as tests. `subject` gives one, and a token that may write to all. */
export function accessContract(
  name: string,
  subject: () => Promise<{ access: Access; token: string }>,
): void {
  test(`${name}: a good token may write to a document, and make and list documents`, async () => {
    const { access, token } = await subject();
    for (const document of [parseDocumentName('notes/today'), null]) {
      const grant = await access.authorize({ token, document });
      assert.equal(grant.role, 'write');
      assert.equal(typeof grant.principal.id, 'string');
      assert.equal(typeof grant.principal.name, 'string');
      assert.ok(grant.expires > Date.now());
    }
  });

  test(`${name}: the same person has the same id in every document`, async () => {
    const { access, token } = await subject();
    const first = await access.authorize({ token, document: parseDocumentName('a') });
    const second = await access.authorize({ token, document: parseDocumentName('b') });
    assert.equal(first.principal.id, second.principal.id);
  });

  test(`${name}: whatever a token holds, the answer is a grant, unauthorized or forbidden`, async () => {
    const { access, token } = await subject();
    const odd = [
      '',
      '.',
      '..',
      'x.y.z',
      `${token}x`,
      '\u0000',
      '{}',
      'a'.repeat(20_000),
      'eyJhbGciOiJub25lIn0..',
    ];
    for (const text of odd) {
      try {
        await access.authorize({ token: text, document: parseDocumentName('a') });
      } catch (thrown) {
        assert.ok(thrown instanceof SheafError, String(thrown));
        assert.ok(
          ['unauthorized', 'forbidden'].includes(thrown.code),
          `${thrown.code} for ${text.slice(0, 20)}`,
        );
        assert.ok(text.length < 5 || !thrown.message.includes(text), 'the message repeats the token');
      }
    }
  });
}
