import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followKeyboard } from './keyboard-inset.ts';

/** A phone of 700 px, its page's element, and what was set on that. */
function phone() {
  const viewport = Object.assign(new EventTarget(), { height: 700, offsetTop: 0, scale: 1 });
  const set: string[] = [];
  const risen: number[] = [];
  const element = Object.assign(new EventTarget(), {
    style: { setProperty: (name: string, value: string) => set.push(`${name}: ${value}`) },
  });
  // A page and an element as far as they are asked.
  const end = followKeyboard(
    element as unknown as HTMLElement,
    { innerHeight: 700, visualViewport: viewport } as unknown as Window,
    () => risen.push(700 - viewport.height - viewport.offsetTop),
  );
  const change = (to: Partial<{ height: number; offsetTop: number; scale: number }>, event = 'resize') => {
    Object.assign(viewport, to);
    viewport.dispatchEvent(new Event(event));
  };
  return { element, viewport, set, risen, change, end };
}

test('the bar stands as high as what a keyboard covers, and goes down with it', () => {
  const { set, risen, change } = phone();
  assert.deepEqual(set, [], 'Nothing is set before there is a keyboard.');
  change({ height: 400 });
  change({ height: 360 });
  change({ height: 700 });
  assert.deepEqual(set, ['--keyboard: 300px', '--keyboard: 340px', '--keyboard: 0px']);
  assert.deepEqual(risen, [300, 340], 'What goes down covers nothing that was seen.');
});

test('what the browser has scrolled above the keyboard is not covered', () => {
  const { set, change } = phone();
  change({ height: 400 });
  change({ offsetTop: 120 }, 'scroll');
  change({ offsetTop: 300 }, 'scroll');
  assert.deepEqual(set, ['--keyboard: 300px', '--keyboard: 180px', '--keyboard: 0px']);
});

test('a browser’s own bar and a page that is magnified are no keyboard', () => {
  const { set, change } = phone();
  change({ height: 644 });
  change({ height: 350, scale: 2 });
  assert.deepEqual(set, []);
});

test('a keyboard that stands there already is seen by who comes in; nothing is set twice, or after the end', () => {
  const { element, viewport, set, change, end } = phone();
  viewport.height = 400;
  element.dispatchEvent(new Event('focusin'));
  element.dispatchEvent(new Event('focusin'));
  change({ height: 400 }, 'scroll');
  assert.deepEqual(set, ['--keyboard: 300px']);
  end();
  change({ height: 700 });
  viewport.height = 500;
  element.dispatchEvent(new Event('focusin'));
  assert.deepEqual(set, ['--keyboard: 300px']);
});

test('a browser that tells of no visual viewport has nothing to follow', () => {
  const element = {} as HTMLElement;
  followKeyboard(element, { innerHeight: 700, visualViewport: null }, () => undefined)();
});
