import type { AlsoCalled } from './en.ts';

/** What else commands are searched by, words apart: German. */
export const alsoCalled: AlsoCalled = {
  paragraph: 'absatz text normal',
  'heading-1': 'h1 titel groß',
  'heading-2': 'h2 abschnitt',
  'heading-3': 'h3 unterabschnitt klein',
  'bullet-list': 'liste punkte ul',
  'ordered-list': 'nummern ol',
  'task-list': 'todo checkliste häkchen',
  quote: 'zitat einzug',
  'code-block': 'quelltext programm',
  image: 'foto grafik hochladen jpg png',
  file: 'anhang hochladen pdf dokument',
  divider: 'hr linie trenner',
  date: 'tag kalender',
  mention: 'person name dokument link',
  contents: 'toc gliederung überschriften',
  footnote: 'anmerkung verweis endnote',
  formula: 'mathe gleichung tex latex',
  'formula-block': 'mathe gleichung tex latex abgesetzt',
  diagram: 'mermaid flussdiagramm ablauf graph sequenz gantt klassen er torte zeitleiste',
  embed: 'lesezeichen webseite url iframe video karte youtube vimeo figma google loom codepen openstreetmap',
  'link-card': 'lesezeichen webseite url vorschau verweis',
  outdent: 'ausrücken einrücken rand',
  indent: 'einrücken tabulator rand',
  'callout-icon': 'emoji icon bild',
};
