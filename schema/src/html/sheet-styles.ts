import { textWithin } from './tree.ts';
import type { HtmlNode } from './tree.ts';

/** Longer style sheets are not read, UTF-16 units, nor more classes than these. */
const SHEET_LENGTH = 400_000;
const MOST_CLASSES = 4_000;
/** The names that spreadsheets give their cells' and letters' looks. */
const LOOK = /\.((?:xl|font)\d{1,6})\s*\{([^{}]{0,2000})\}/g;

/**
 * A page of a spreadsheet with the looks of its cells where they are used: Excel writes them once, as classes of a style
 * sheet. Other programs' classes say how their pages look, not what somebody chose, and are not read.
 */
export function withSheetStyles(nodes: readonly HtmlNode[]): readonly HtmlNode[] {
  const looks = new Map<string, string>();
  const waiting: HtmlNode[] = [...nodes];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.type === 'text') continue;
    // They stand at the beginning: what is behind a table's begin is not looked through.
    if (next.name === 'style') readLooks(textWithin(next, SHEET_LENGTH), looks);
    else if (/^(?:html|head|body|meta|div|google-sheets-html-origin)$/.test(next.name))
      waiting.push(...next.children);
  }
  return looks.size === 0 ? nodes : nodes.map((node) => styled(node, looks));
}

function readLooks(sheet: string, into: Map<string, string>): void {
  if (sheet.length > SHEET_LENGTH) return;
  for (const [, name = '', look = ''] of sheet.matchAll(LOOK))
    if (into.size < MOST_CLASSES) into.set(name, look.replace(/\s+/g, ' '));
}

function styled(node: HtmlNode, looks: ReadonlyMap<string, string>): HtmlNode {
  if (node.type === 'text') return node;
  const { name } = node;
  const found = (node.attribute('class') ?? '').split(/\s+/).flatMap((one) => looks.get(one) ?? []);
  const look = found.join(';');
  const attribute = (wanted: string) => {
    const told = node.attribute(wanted);
    return wanted === 'style' && look !== '' ? `${look};${told ?? ''}` : told;
  };
  let children: readonly HtmlNode[] | null = null;
  return {
    type: 'element',
    name,
    attribute,
    get children() {
      return (children ??= node.children.map((child) => styled(child, looks)));
    },
  };
}
