import { isWebAddress } from '@sheaf/schema';
import { Extension } from '@tiptap/core';
import { NodeSelection, Plugin } from '@tiptap/pm/state';
import type { EditorView, NodeViewConstructor } from '@tiptap/pm/view';
import type { MediaFiles } from './media-files.ts';
import { MEDIA_EDIT, MediaView } from './media-view.ts';

/** Images, files and link cards on a page: shown, pasted and dropped. */
export function media(files: MediaFiles): Extension {
  const show: NodeViewConstructor = (node, view, getPos) =>
    new MediaView(node, { view, getPos, options: files.options });
  return Extension.create({
    name: 'media',
    // Before what else is pasted.
    priority: 1100,
    addProseMirrorPlugins: () => [
      new Plugin({
        props: {
          nodeViews: { image: show, file: show, embed: show },
          transformPasted: (slice) => {
            files.note(slice);
            return slice;
          },
          handleDOMEvents: { paste: (view, event) => pasted(view, event, files) },
          handleDrop: (view, event, _slice, moved) => !moved && dropped(view, event, files),
          handleKeyDown: (view, event) => {
            const { selection } = view.state;
            if (event.key !== 'Enter' || !(selection instanceof NodeSelection) || !view.editable)
              return false;
            if (!['image', 'file', 'embed'].includes(selection.node.type.name)) return false;
            view.nodeDOM(selection.from)?.dispatchEvent(new Event(MEDIA_EDIT));
            return true;
          },
        },
      }),
    ],
  });
}

/** Files of a clipboard, and the address of an image on an empty line. */
function pasted(view: EditorView, event: ClipboardEvent, files: MediaFiles): boolean {
  const data = event.clipboardData;
  const { $from, from, to } = view.state.selection;
  if (!data || !view.editable || $from.parent.type.spec.code === true) return false;
  const found = [...data.files];
  // Programs that copy words often add a picture of them.
  if (found.length > 0 && !/[^\s]/.test(data.getData('text/html').replace(/<!--[^]*?-->|<[^>]*>/g, ''))) {
    event.preventDefault();
    // A picture that is selected stays, and they come behind it.
    files.put(view, found, to);
    return true;
  }
  const text = data.getData('text/plain').trim();
  const empty = $from.parent.type.name === 'paragraph' && $from.parent.content.size === 0;
  const image =
    /\.(?:png|jpe?g|gif|webp|avif)(?:\?\S*)?$/i.test(text) && !/\s/.test(text) && isWebAddress(text);
  if (!empty || !image || data.getData('text/html') !== '') return false;
  event.preventDefault();
  files.options.separate();
  const node = view.state.schema.nodes['image']?.create({ src: text });
  if (node) view.dispatch(view.state.tr.replaceRangeWith(from, from, node).scrollIntoView());
  files.options.separate();
  return true;
}

function dropped(view: EditorView, event: DragEvent, files: MediaFiles): boolean {
  const found = [...(event.dataTransfer?.files ?? [])];
  if (found.length === 0 || !view.editable) return false;
  event.preventDefault();
  const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
  files.put(view, found, place?.pos ?? view.state.selection.from);
  return true;
}
