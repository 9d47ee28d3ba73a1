import { picturesWithin } from '@sheaf/schema/parse-html';
import type { Uploads } from '../../sync/uploads/uploads.ts';
import { keepImage } from '../media/insert-files.ts';
import type { MediaFilesOptions } from '../media/media-files.ts';
import { picturesOfRtf } from './rtf-pictures.ts';

/** More pictures of one clipboard are not kept. */
const MOST_PICTURES = 100;
const DATA = /^data:(image\/[a-z]+);base64,([\w+/=\s]*)$/i;

type Kept = { readonly src: string; readonly width: number; readonly height: number };

/** What pictures of a clipboard are kept as, by the `src` that its HTML has. */
interface KeptPictures {
  readonly pictures: ReadonlyMap<string, Kept>;
  /** The document refers to them: they are sent, and those that are missing are told. */
  readonly done: () => void;
}

/**
 * Keeps the pictures that come with a page: those that its HTML holds, and those that Word puts beside it in RTF, whose HTML names
 * places on a disk that no page may read.
 */
export async function keepPictures(
  { html, rtf }: { html: string; rtf: string },
  { uploads, words, onsay }: Pick<MediaFilesOptions, 'uploads' | 'words' | 'onsay'>,
): Promise<KeptPictures> {
  const pictures = new Map<string, Kept>();
  const wanted = picturesWithin(html);
  // Without a network what keeps them may not be there: the words are.
  const store = wanted.length > 0 ? await uploads.load().catch(() => null) : null;
  for (const [src, file] of store ? filesOf(wanted, rtf) : []) {
    const kept = store && (await keep(file, store));
    if (kept) pictures.set(src, kept);
  }
  const done = () => {
    store?.begin();
    if (wanted.some((src) => !pictures.has(src))) onsay(words.picturesLost);
  };
  return { pictures, done };
}

async function keep(file: File, store: Uploads): Promise<Kept | null> {
  try {
    return await keepImage(file, store);
  } catch {
    // It is too large, or the browser refuses: it is told with those that are missing.
    return null;
  }
}

function filesOf(wanted: readonly string[], rtf: string): Map<string, File> {
  const local = wanted.filter((src) => /^file:/i.test(src));
  const beside = local.length > 0 ? picturesOfRtf(rtf) : [];
  const found = new Map<string, File>();
  for (const src of wanted) {
    // Only their order says which is which.
    const matched = beside.length === local.length ? beside[local.indexOf(src)] : null;
    const file = matched ? fileOf(matched.type, matched.bytes) : fileOfData(src);
    if (file && found.size < MOST_PICTURES) found.set(src, file);
  }
  return found;
}

function fileOfData(src: string): File | null {
  const [, type, data] = DATA.exec(src) ?? [];
  if (type === undefined || data === undefined) return null;
  try {
    return fileOf(
      type.toLowerCase(),
      Uint8Array.from(atob(data.replace(/\s/g, '')), (sign) => sign.charCodeAt(0)),
    );
  } catch {
    // It only looked like Base64.
    return null;
  }
}

function fileOf(type: string, bytes: Uint8Array<ArrayBuffer>): File {
  return new File([bytes], `picture.${type.slice('image/'.length)}`, { type });
}
