import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import type { PluginView } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';

/** Shows where what is dragged over the text would be dropped. What draws it is fetched when something is. */
export const DropPlace = Extension.create({
  name: 'dropPlace',
  addProseMirrorPlugins: () => [new Plugin({ view })],
});

function view(editor: EditorView): PluginView {
  let drawn: PluginView | null = null;
  const ended = new AbortController();
  const begin = async () => {
    const loaded = await import('@tiptap/pm/dropcursor').catch(() => null);
    // Without it what is dropped goes to the same place: the next drag asks again.
    if (loaded === null) return listen();
    const plugin = loaded.dropCursor({ color: false, class: 'drop-here', width: 2 });
    if (!ended.signal.aborted) drawn = plugin.spec.view?.(editor) ?? null;
  };
  const listen = () =>
    editor.dom.addEventListener('dragenter', () => void begin(), { once: true, signal: ended.signal });
  listen();
  return {
    update: (now, before) => drawn?.update?.(now, before),
    destroy: () => {
      ended.abort();
      drawn?.destroy?.();
    },
  };
}
