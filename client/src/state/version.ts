/**
 * Whether the server has another version of the page than `entry`, the address of the script that this page was started
 * with. False where the server does not answer: then nothing is known.
 */
async function isOutdated(entry: string): Promise<boolean> {
  try {
    const answer = await fetch('/', { cache: 'no-store', headers: { accept: 'text/html' } });
    if (!answer.ok) return false;
    const html = await answer.text();
    return html.includes('id="app"') && !html.includes(new URL(entry).pathname);
  } catch {
    // No network, no answer.
    return false;
  }
}

/** Why a part of the page did not come: the server has another version by now, or it could not be reached. */
export async function whyMissing(): Promise<'outdated' | 'unreachable'> {
  const entry = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  return entry !== null && (await isOutdated(entry.src)) ? 'outdated' : 'unreachable';
}
