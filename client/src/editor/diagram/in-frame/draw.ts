import type { DrawRequest } from '../frame-messages.ts';

/*
 * The program of the frame that draws, behind Mermaid's own: `document.ts` puts both into it. The frame is sandboxed
 * without an origin and may fetch nothing, so what a source makes Mermaid do is done to nobody. Here are types alone
 * imported: the file stands in the frame as it is.
 */

/** What of Mermaid is used. */
interface Mermaid {
  initialize(config: object): void;
  render(id: string, source: string): Promise<{ svg: string }>;
}
declare const mermaid: Mermaid;

/** What the errors of its parsers tell. */
interface Trouble {
  readonly name?: string;
  readonly message?: string;
  readonly hash?: { readonly loc?: { readonly first_line?: number } };
  readonly result?: {
    readonly parserErrors?: readonly { readonly token?: { readonly startLine?: number } }[];
    readonly lexerErrors?: readonly { readonly line?: number }[];
  };
}

/** What no source may set: what makes drawings run, load, hang, or measured in other letters than they are shown in. */
const SECURE = (
  'secure securityLevel startOnLoad maxTextSize maxEdges suppressErrorRendering htmlLabels themeCSS fontFamily ' +
  'altFontFamily dompurifyConfig deterministicIds deterministicIDSeed logLevel'
).split(' ');
/** What Mermaid lets lines shine through is the paper, so that words on a line can be read. */
const OPAQUE = '.edgeLabel rect { opacity: 1; }';
const PAPER = { light: '#ffffff', dark: '#191817' };
/** More lines between things are not drawn. */
const MOST_EDGES = 500;

let drawings = 0;

async function draw({ source, dark }: DrawRequest): Promise<object> {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    theme: dark ? 'dark' : 'default',
    themeVariables: { edgeLabelBackground: dark ? PAPER.dark : PAPER.light },
    themeCSS: OPAQUE,
    // An image has only the letters of the system.
    fontFamily: 'system-ui, sans-serif',
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    maxTextSize: source.length + 1,
    maxEdges: MOST_EDGES,
    logLevel: 5,
    secure: SECURE,
  });
  try {
    drawings += 1;
    const { svg } = await mermaid.render(`d${String(drawings)}`, source);
    return drawn(svg);
  } catch (error) {
    return troubleOf(error);
  } finally {
    document.body.replaceChildren();
  }
}

/** Mermaid gives HTML; an image is XML, and has a size. */
function drawn(html: string): object {
  const template = document.createElement('template');
  template.innerHTML = html;
  const svg = template.content.querySelector('svg');
  if (!svg) throw new Error('Mermaid drew nothing.');
  const { width, height } = svg.viewBox.baseVal;
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
  svg.style.removeProperty('max-width');
  return { state: 'drawn', svg: new XMLSerializer().serializeToString(svg), width, height };
}

function troubleOf(error: unknown): object {
  const { name, message, hash, result } = Object(error) as Trouble;
  if (name === 'UnknownDiagramError') return { state: 'unknown' };
  const line =
    hash?.loc?.first_line ?? result?.parserErrors?.[0]?.token?.startLine ?? result?.lexerErrors?.[0]?.line;
  return { state: 'wrong', line: line ?? null, words: message ?? '' };
}

// With the page's own origin what is drawn could reach the page: then nothing is.
if (self.origin === 'null') {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', ({ data }: MessageEvent<DrawRequest>) => {
    void draw(data).then((answer) => port1.postMessage(answer));
  });
  port1.start();
  // The page knows who speaks by the window; the port is its alone.
  parent.postMessage('diagrams', '*', [port2]);
}
