import type { Locator } from '@playwright/test';

/** What a finger hits for sure, px (WCAG 2.5.5). */
const TARGET = 44;

/**
 * The controls within `scope` that are shown and in which a finger has less room than {@link TARGET} in either direction, each as its name and the
 * room that it has: how far from its middle the page gives a touch to it, what its label and what CSS adds around it included. Links
 * within sentences are the exception of WCAG 2.5.5.
 */
export function tooSmall(scope: Locator): Promise<string[]> {
  return scope.evaluate((within, target) => {
    const controls =
      'button, a[href], input, select, textarea, summary, [role=menuitem], [role=menuitemcheckbox], [role=menuitemradio], [role=option], [role=slider]';
    const inSentence = ':is(p, h1, h2, h3, td, th) a, p .atom';
    const room = (control: Element): string | null => {
      control.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      const { left, top, width, height } = control.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      const label = control.closest('label');
      const isIts = (atX: number, atY: number) => {
        const hit = document.elementFromPoint(atX, atY);
        return hit !== null && (control.contains(hit) || label?.contains(hit) === true);
      };
      const reach = (dx: number, dy: number) => {
        let far = 0;
        while (far < target && isIts(x + dx * (far + 1), y + dy * (far + 1))) far += 1;
        return far;
      };
      if (!isIts(x, y)) return 'is covered';
      const wide = reach(-1, 0) + reach(1, 0) + 1;
      const high = reach(0, -1) + reach(0, 1) + 1;
      return wide >= target && high >= target ? null : `${String(wide)}x${String(high)}`;
    };
    const small: string[] = [];
    for (const control of within.querySelectorAll(controls)) {
      // What only the keyboard brings stands above the page until it has the focus.
      if (control.matches('.skip:not(:focus)')) continue;
      const { width, height } = control.getBoundingClientRect();
      const shown = control.checkVisibility({ visibilityProperty: true, opacityProperty: true });
      if (!shown || width <= 1 || height <= 1 || control.matches(inSentence)) continue;
      const name = control.getAttribute('aria-label') ?? control.textContent.trim().slice(0, 40);
      const has = room(control);
      if (has !== null) small.push(`${control.localName} ${name || control.className}: ${has}`);
    }
    return small;
  }, TARGET);
}
