/** Longest event, characters: a row of frames in base64, with room to spare. */
const EVENT_CHARACTERS = 4 * 1024 * 1024;

/** An event that is none, or too long. */
export class BadEvent extends Error {
  override readonly name = 'BadEvent';
}

/**
 * Reads the data of a stream's events (WHATWG HTML, section 9.2.6), each a row of frames in base64. Ids are not read,
 * for a channel counts by itself; nor are names.
 */
export class EventReader {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #data = '';

  /** The rows that are whole by `chunk`. Throws {@link BadEvent}. */
  read(chunk: Uint8Array): Uint8Array[] {
    const rows: Uint8Array[] = [];
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const text = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (text === '' && this.#data !== '') {
        rows.push(fromBase64(this.#data));
        this.#data = '';
      } else if (text.startsWith('data:')) this.#data += text.slice(5).trim();
    }
    if (this.#rest.length + this.#data.length > EVENT_CHARACTERS) throw new BadEvent('An event is too long.');
    return rows;
  }
}

function fromBase64(text: string): Uint8Array {
  try {
    const characters = atob(text);
    const bytes = new Uint8Array(characters.length);
    for (let at = 0; at < characters.length; at++) bytes[at] = characters.charCodeAt(at);
    return bytes;
  } catch (thrown) {
    throw new BadEvent('An event is no base64.', { cause: thrown });
  }
}
