import { SheafError } from '../error.ts';
import { ByteReader } from './byte-reader.ts';

/** Bits of a struct's first byte, as yjs/src/utils/encoding.js reads them. */
const KIND = 31;
const HAS_PARENT_KEY = 32;
const HAS_RIGHT_ORIGIN = 64;
const HAS_ORIGIN = 128;

/** Values of the low five bits that are told apart here. */
const GC = 0;
const DELETED = 1;
const TYPE = 7;
const DOCUMENT = 9;
const SKIP = 10;

/** A struct's reference that is not there. */
export const NONE = -1;

/** Reads the structs of a Yjs V1 update one by one; the fields tell about the last one. */
export class UpdateReader extends ByteReader {
  /** How many clocks it takes. */
  length = 0;
  /** A placeholder for structs that the sender did not have. */
  skip = false;
  /** It holds a shared type. */
  type = false;
  /** It holds a whole document. */
  subdocument = false;
  /** What it refers to; a client of {@link NONE} when it doesn't. */
  originClient = NONE;
  originClock = NONE;
  rightClient = NONE;
  rightClock = NONE;
  parentClient = NONE;
  parentClock = NONE;

  /** Reads a struct. Throws `malformed` where Yjs would throw while decoding. */
  struct(): void {
    const info = this.byte();
    const kind = info & KIND;
    this.skip = kind === SKIP;
    this.type = kind === TYPE;
    this.originClient = NONE;
    this.rightClient = NONE;
    this.parentClient = NONE;
    if (kind === GC || kind === SKIP) {
      this.length = this.varUint();
      return;
    }
    if ((info & HAS_ORIGIN) !== 0) {
      this.originClient = this.varUint();
      this.originClock = this.varUint();
    }
    if ((info & HAS_RIGHT_ORIGIN) !== 0) {
      this.rightClient = this.varUint();
      this.rightClock = this.varUint();
    }
    if ((info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) === 0) {
      if (this.varUint() === 1) this.varString();
      else {
        this.parentClient = this.varUint();
        this.parentClock = this.varUint();
      }
      if ((info & HAS_PARENT_KEY) !== 0) this.varString();
    }
    this.length = this.#content(kind);
    // Yjs writes map entries one by one. A longer one that gets split makes it throw once the map is collected;
    // only what is deleted already is harmless, and honest: Yjs merges that.
    if (
      (info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN | HAS_PARENT_KEY)) === HAS_PARENT_KEY &&
      this.length > 1 &&
      kind !== DELETED
    )
      this.unusual = true;
  }

  /** An item's content; returns its length in clocks. */
  #content(kind: number): number {
    switch (kind) {
      case DELETED:
        return this.varUint();
      case 2: // JSON values
        return this.#values(true);
      case 3: // binary
        this.varBytes();
        return 1;
      case 4: // text
        return this.varString();
      case 5: // embed
        this.json(false);
        return 1;
      case 6: // format: key, value
        this.varString();
        this.json(false);
        return 1;
      case TYPE:
        this.#typeHead();
        return 1;
      case 8: // values
        return this.#values(false);
      case DOCUMENT:
        this.subdocument = true;
        this.varString();
        this.any();
        return 1;
      default:
        throw new SheafError('malformed', `The update holds a struct of the unknown kind ${kind}.`);
    }
  }

  #values(asJson: boolean): number {
    const count = this.varUint();
    for (let i = 0; i < count; i += 1) {
      if (asJson) this.json(true);
      else this.any();
    }
    return count;
  }

  #typeHead(): void {
    const type = this.varUint();
    if (type > 6)
      throw new SheafError('malformed', `The update holds a shared type of the unknown kind ${type}.`);
    // An XML element and an XML hook have a name.
    if (type === 3 || type === 5) this.varString();
  }
}
