/** The address of a place: the document's, with the id of the Yjs unit that the place holds on to. */
export function placeAddress(
  { origin, pathname }: Pick<Location, 'origin' | 'pathname'>,
  anchor: object,
): string {
  const item: unknown = Reflect.get(anchor, 'item');
  const [client, clock] =
    typeof item === 'object' && item !== null
      ? [Reflect.get(item, 'client'), Reflect.get(item, 'clock')]
      : [];
  return typeof client === 'number' && typeof clock === 'number'
    ? `${origin}${pathname}#at=${client}.${clock}`
    : origin + pathname;
}
