import type * as Y from 'yjs';

/** How a node of the page names the item that it stands for. */
export function refOf({ client, clock }: Y.ID): string {
  return `${client}:${clock}`;
}
