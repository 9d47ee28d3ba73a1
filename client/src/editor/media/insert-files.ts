import { uploadReference } from '@sheaf/proto/upload-address';
import { Fragment, Slice } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import { NodeSelection, Selection } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { UploadError } from '../../sync/uploads/upload-error.ts';
import { UPLOAD_BYTES } from '../../sync/uploads/uploads.ts';
import type { Uploads } from '../../sync/uploads/uploads.ts';
import { sizeWords } from './size-words.ts';
import type { MediaFilesOptions } from './media-files.ts';

/** What a browser shows as an image, and the server as well. */
const SHOWN = /^image\/(?:png|jpeg|gif|webp|avif)$/;

/** Keeps files, and puts them into the document as images where they are some, else as files. */
export async function insertFiles(
  view: EditorView,
  files: readonly File[],
  options: MediaFilesOptions & { readonly anchor: unknown },
): Promise<void> {
  const uploads = await options.uploads.load();
  const nodes: Node[] = [];
  try {
    for (const file of files) {
      const node = await nodeOf(view, file, uploads, options);
      if (node) nodes.push(node);
    }
    if (nodes.length === 0 || view.isDestroyed || !view.editable) return;
    options.separate();
    insertNodes(view, nodes, options.binding()?.resolve(options.anchor) ?? view.state.selection.from);
    options.separate();
  } finally {
    // Only now: one that is refused before its place is in the document would be taken for one that nobody wants.
    uploads.begin();
  }
}

/** Puts blocks at a position: in place of an empty paragraph, and behind a title or code. */
function insertNodes(view: EditorView, nodes: readonly Node[], at: number): void {
  const { state } = view;
  const $at = state.doc.resolve(Math.min(at, state.doc.content.size));
  const { parent } = $at;
  const title = $at.depth === 1 && $at.index(0) === 0 && parent.type.name === 'heading';
  const whole = title || parent.type.spec.code === true;
  const position = whole ? $at.after() : $at.pos;
  const last = !whole && parent.content.size > 0 ? false : position >= state.doc.content.size - 1;
  const paragraph = state.schema.nodes['paragraph'];
  // Behind the last one there is somewhere to go on.
  const content = last && paragraph ? [...nodes, paragraph.create()] : nodes;
  const tr = state.tr.replaceRange(position, position, new Slice(Fragment.from([...content]), 0, 0));
  const final = nodes.at(-1);
  let place: number | null = null;
  tr.doc.descendants((node, pos) => {
    if (node === final) place = pos;
    return place === null;
  });
  if (place !== null && nodes.length === 1) tr.setSelection(NodeSelection.create(tr.doc, place));
  else if (place !== null) goBehind(tr, place);
  view.dispatch(tr.scrollIntoView());
  view.focus();
}

/** Puts the caret into the line behind a block, which comes if there is none: what is typed next replaces none of several. */
function goBehind(tr: Transaction, place: number): void {
  const { nodeAfter: block } = tr.doc.resolve(place);
  const behind = place + (block?.nodeSize ?? 0);
  const line = tr.doc.nodeAt(behind);
  const paragraph = tr.doc.type.schema.nodes['paragraph'];
  if (paragraph && (line?.isTextblock !== true || line.type.spec.code === true))
    tr.insert(behind, paragraph.create());
  tr.setSelection(Selection.near(tr.doc.resolve(behind)));
}

async function nodeOf(
  view: EditorView,
  file: File,
  uploads: Uploads,
  { words, onsay }: MediaFilesOptions,
): Promise<Node | null> {
  const { image, file: fileType } = view.state.schema.nodes;
  if (!image || !fileType) throw new Error('The schema has no images.');
  try {
    const shown = await keepImage(file, uploads);
    if (shown) return image.create(shown);
    const src = uploadReference(await uploads.add(file, file.name));
    return fileType.create({ src, name: file.name || words.unnamed, bytes: file.size });
  } catch (thrown) {
    // A file that can't be read any more, or a browser that refuses, is told like one that is too large.
    const { code } = UploadError.from(thrown);
    const name = file.name || words.unnamed;
    onsay(code === 'too-large' ? words.tooLarge(name, sizeWords(UPLOAD_BYTES)) : words.notAdded);
    return null;
  }
}

/** Keeps a file if it is an image that can be shown: what refers to it, and its size, px; null if it is none. */
export async function keepImage(
  file: File,
  uploads: Uploads,
): Promise<{ src: string; width: number; height: number } | null> {
  const size = SHOWN.test(file.type) ? await sizeOf(file) : null;
  return size && { src: uploadReference(await uploads.add(file, file.name)), ...size };
}

/** How large an image is shown, px; null if it is none that can be shown. */
async function sizeOf(file: File): Promise<{ width: number; height: number } | null> {
  const address = URL.createObjectURL(file);
  const image = new Image();
  try {
    image.src = address;
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    // Whatever it calls itself: it is kept as a file.
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}
