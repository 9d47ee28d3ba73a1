import { isWebAddress, readMedia } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { NodeSelection, TextSelection } from '@tiptap/pm/state';
import type { Command, EditorState } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { insertBlock } from '../atom/insert.ts';
import { MEDIA_EDIT } from './media-view.ts';

/** What is suggested of words would be lost with them. */
const REVIEWED = new Set(['insertion', 'deletion', 'formatting']);

/** The link card that is selected; null if none is. */
export function selectedCard({ selection }: EditorState): Node | null {
  return selection instanceof NodeSelection && selection.node.type.name === 'embed' ? selection.node : null;
}

/** The address and words of a paragraph that is a link, or an address, and nothing else; null if it is more. */
function loneLink({ selection: { $from, $to } }: EditorState): { url: string; title: string | null } | null {
  const { parent } = $from;
  if (parent.type.name !== 'paragraph' || !$from.sameParent($to)) return null;
  const parts = parent.children.filter(({ text, isText }) => !isText || /\S/.test(text ?? ''));
  const links = parts.map(({ marks }) => marks.find(({ type }) => type.name === 'link')?.attrs['href']);
  const text = parent.textContent.trim();
  const url: unknown = links[0] ?? text;
  const alone = links.length > 0 && links.every((href) => href === links[0]) && parts.every(isWords);
  if (!alone || !isWebAddress(url) || (links[0] === undefined && /\s/.test(text))) return null;
  return { url, title: URL.parse(text)?.href === new URL(url).href ? null : text };
}

const isWords = ({ isText, marks }: Node) => isText && !marks.some(({ type }) => REVIEWED.has(type.name));

/** Turns a paragraph that is a link and nothing else into a card, which is selected. */
export const linkToCard: Command = (state, dispatch) => {
  const link = loneLink(state);
  const { $from } = state.selection;
  const card = link && state.schema.nodes['embed']?.create({ ...link, ...suggested($from.parent) });
  const index = $from.index(-1);
  if (!card || !$from.node(-1).canReplaceWith(index, index + 1, card.type)) return false;
  const tr = state.tr.replaceWith($from.before(), $from.after(), card);
  dispatch?.(tr.setSelection(NodeSelection.create(tr.doc, $from.before())).scrollIntoView());
  return true;
};

/** Turns the card that is selected into a paragraph with its link. */
export const cardToLink: Command = (state, dispatch) => {
  const node = selectedCard(state);
  const { paragraph } = state.schema.nodes;
  if (!node || !paragraph) return false;
  const { url, title } = readMedia('embed', node.attrs);
  const words = String(title ?? url ?? '');
  const marks = isWebAddress(url) ? [state.schema.mark('link', { href: url })] : [];
  const text = words === '' ? [] : [state.schema.text(words, marks)];
  const { from, to } = state.selection;
  const tr = state.tr.replaceWith(from, to, paragraph.create(suggested(node), text));
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, from + 1 + words.length)).scrollIntoView());
  return true;
};

/** A card in the place of a link that stands alone, and the other way round. */
export const toggleCard: Command = (state, dispatch) =>
  cardToLink(state, dispatch) || linkToCard(state, dispatch);

/** Puts a card in: of the link that stands alone here, or an empty one, whose address is asked for. */
export function insertCard(view: EditorView): void {
  view.focus();
  const { state, dispatch } = view;
  if (linkToCard(state, dispatch)) return;
  insertBlock('embed')(state, (tr) => {
    let at: number | null = null;
    tr.doc.nodesBetween(state.selection.$from.before(1), tr.selection.from, (node, pos) => {
      if (node.type.name === 'embed') at = pos;
    });
    if (at === null) return;
    dispatch(tr.setSelection(NodeSelection.create(tr.doc, at)));
    view.nodeDOM(at)?.dispatchEvent(new Event(MEDIA_EDIT));
  });
}

function suggested({ attrs }: Node): Readonly<Record<string, unknown>> {
  return { suggestions: attrs['suggestions'] };
}
