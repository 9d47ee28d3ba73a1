import type { AttributeValue, FlowElement } from '@sheaf/schema';
import type * as Y from 'yjs';

/** Sets attributes; null removes one. */
export function setAttributes(
  element: FlowElement | Y.XmlElement,
  changes: ReadonlyMap<string, AttributeValue | object | null>,
): void {
  for (const [name, value] of changes)
    if (value === null) element.removeAttribute(name);
    // Yjs stores any JSON value; only its type says that attributes are strings.
    else element.setAttribute(name, value as string);
}
