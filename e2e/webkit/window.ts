import { command } from './driver.ts';
import type { WebKit } from './driver.ts';

/** Keys by the names that the DOM has for them (WebDriver, section 17.4.2). */
const KEYS: Readonly<Record<string, string>> = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
};
/** How long the pointer takes for one move, ms: a drag is one of many small ones. */
const MOVE_MS = 50;

/** A point in the window, px. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Something that the pointer does, at the place where it is. */
type PointerStep = Point | 'down' | 'up';

/** One window of WebKit, with a profile of its own that is gone when it is closed. */
export class Window implements AsyncDisposable {
  readonly #session: string;

  private constructor(session: string) {
    this.#session = session;
  }

  static async open({ url }: WebKit): Promise<Window> {
    const capabilities = { alwaysMatch: { browserName: 'MiniBrowser' } };
    // New Session, WebDriver section 8.1.
    const { sessionId } = (await command(`${url}/session`, 'POST', { capabilities })) as {
      sessionId: string;
    };
    const window = new Window(`${url}/session/${sessionId}`);
    await command(`${window.#session}/window/maximize`, 'POST', {});
    return window;
  }

  async goto(url: string): Promise<void> {
    await command(`${this.#session}/url`, 'POST', { url });
  }

  /** Runs in the page, which waits for what it promises; as a text, so it sees its arguments and the page alone. */
  async run<Given extends unknown[], Result>(
    call: (...given: Given) => Result,
    ...given: Given
  ): Promise<Awaited<Result>> {
    const script = `
      const [done] = [...arguments].slice(-1);
      Promise.try(${call.toString()}, ...[...arguments].slice(0, -1))
        .then((value) => done({ value }), (error) => done({ error: String(error) }))`;
    const url = `${this.#session}/execute/async`;
    // What the script above gives.
    const answer = (await command(url, 'POST', { script, args: given })) as
      { value: Awaited<Result> } | { error: string };
    if ('error' in answer) throw new Error(answer.error);
    return answer.value;
  }

  /** Presses keys one after another, such as `Enter`, `Shift+ArrowLeft` and `a`. */
  async press(...keys: string[]): Promise<void> {
    const actions = keys.flatMap((key) => {
      const held = key.length === 1 ? [key] : key.split('+').map((one) => KEYS[one] ?? one);
      return [
        ...held.map((value) => ({ type: 'keyDown', value })),
        ...held.toReversed().map((value) => ({ type: 'keyUp', value })),
      ];
    });
    await this.#act({ type: 'key', id: 'keyboard', actions });
  }

  async type(text: string): Promise<void> {
    await this.press(...text);
  }

  /** Moves the pointer of a mouse, and presses its button. */
  async point(...steps: PointerStep[]): Promise<void> {
    const actions = steps.map((step) =>
      typeof step === 'string'
        ? { type: step === 'down' ? 'pointerDown' : 'pointerUp', button: 0 }
        : { type: 'pointerMove', x: Math.round(step.x), y: Math.round(step.y), duration: MOVE_MS },
    );
    await this.#act({ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions });
  }

  async click(at: Point): Promise<void> {
    await this.point(at, 'down', 'up');
  }

  async #act(input: object): Promise<void> {
    await command(`${this.#session}/actions`, 'POST', { actions: [input] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await command(this.#session, 'DELETE');
  }
}
