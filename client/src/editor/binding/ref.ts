import * as Y from 'yjs';

/** How a node of the page names the item that it stands for. */
export function refOf({ client, clock }: Y.ID): string {
  return `${client}:${clock}`;
}

/** The id of a name that {@link refOf} gave. */
export function idOf(ref: string): Y.ID {
  const [client, clock] = ref.split(':').map(Number);
  return Y.createID(client ?? 0, clock ?? 0);
}
