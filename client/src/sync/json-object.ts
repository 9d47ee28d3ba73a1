/** An object or a list that somebody sent as JSON; null where the text is neither, or no JSON at all. */
export function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    // Anybody may have sent it, a proxy's own page for example: what it is not says enough.
    return null;
  }
}

/** What stands in a field of it; undefined where it is no object. */
export function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}
