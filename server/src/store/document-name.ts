import { SheafError } from '../error.ts';
import { DEFAULT_LIMITS } from '../limits.ts';

/**
 * A document's name as people and programs use it: 1 to 512 bytes of UTF-8 without control characters, but neither
 * `.` nor `..`: as the last part of an address those are taken away, also when percent-encoded (WHATWG URL, 4.4).
 */
export type DocumentName = string & { readonly __brand: 'DocumentName' };

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** The one place where a name is minted. Throws `bad-name`. */
export function parseDocumentName(text: string): DocumentName {
  if (text.length === 0) throw new SheafError('bad-name', 'A document needs a name.');
  if (Buffer.byteLength(text) > DEFAULT_LIMITS.documentNameBytes)
    throw new SheafError(
      'bad-name',
      `The document's name is longer than ${DEFAULT_LIMITS.documentNameBytes} bytes.`,
    );
  if (text === '.' || text === '..')
    throw new SheafError('bad-name', `A document can't be named "${text}": no address leads to it.`);
  if (CONTROL.test(text) || !text.isWellFormed())
    throw new SheafError('bad-name', "The document's name holds a character that names can't have.");
  return text as DocumentName;
}
