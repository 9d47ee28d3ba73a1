import { count } from '../de.ts';
import type { ClusterWords } from './en.ts';

/** German. */
export const clusterWords: ClusterWords = {
  title: 'Verbund',
  looked: 'Wird jede Sekunde neu gelesen.',
  metrics: 'Dasselbe in Zahlen, für Prometheus',
  old: (since) =>
    `Dieser Server antwortet nicht. Was hier steht, ist von ${since}; die anderen Knoten haben diese Seite auch.`,
  asking: 'Der Server wird gefragt…',
  alone: 'Dieser Server steht für sich',
  aloneMore: 'Er ist mit keinem anderen verbunden: SHEAF_CLUSTER_LISTEN ist nicht gesetzt.',
  closed: 'Diese Seite ist geschlossen',
  closedMore:
    'Setzen Sie am Server SHEAF_ADMIN_TOKEN und starten Sie ihn neu: Wer den Schlüssel hat, darf hineinsehen.',
  silent: 'Dieser Server antwortet nicht',
  silentMore: 'Er wird jede Sekunde wieder gefragt. Die anderen Knoten haben diese Seite auch.',
  locked: 'Für die, die diesen Server betreiben',
  lockedMore:
    'Der Schlüssel steht an diesem Server in SHEAF_ADMIN_TOKEN. Er wird behalten, bis dieser Tab geschlossen wird.',
  token: 'Schlüssel der Verwaltung',
  wrong: 'Das ist nicht der Schlüssel.',
  show: 'Verbund zeigen',
  nodes: 'Knoten',
  name: 'Bezeichnung',
  seen: 'Wie dieser Server ihn sieht',
  links: 'Verbindungen',
  linksMore:
    'Jeder Knoten sagt, wie er die anderen sieht. „Rückstand“ ist, was er gesendet hat und was noch nicht bestätigt ist.',
  from: 'Von',
  to: 'Nach',
  state: 'Zustand',
  behind: 'Rückstand',
  waiting: 'Wartet',
  nothing: 'Nichts',
  conditions: {
    linked: 'Verbunden',
    suspect: 'Stumm',
    lost: 'Verbindung verloren',
    dead: 'Fort',
    unknown: 'Nicht bekannt',
  },
  lostOrGone: 'Verbindung verloren oder Knoten fort',
  self: 'Dieser Server',
  selfEnding: 'Dieser Server, hört auf',
  ending: 'Hört auf',
  mute: 'Verbunden, antwortet nicht',
  updates: (number) => count(number, { one: '1 Änderung', other: '# Änderungen' }),
  toFetch: (number) => count(number, { one: '1 Dokument zu holen', other: '# Dokumente zu holen' }),
  single: 'Ein Knoten. Mit ihm ist noch kein anderer verbunden.',
  size: (number) => count(number, { one: '1 Knoten', other: '# Knoten' }),
  well: (size) => `${size}, alle miteinander verbunden.`,
  trouble: (size, troubles) => `${size}. ${troubles.join(' ')}`,
  areGone: (names) => `${names.join(', ')} ${names.length === 1 ? 'ist' : 'sind'} fort.`,
  areLost: (names) => `${names.join(', ')} ${names.length === 1 ? 'ist' : 'sind'} nicht zu erreichen.`,
  areSilent: (names) => `${names.join(', ')} ${names.length === 1 ? 'ist' : 'sind'} stumm.`,
  areEnding: (names) => `${names.join(', ')} ${names.length === 1 ? 'hört' : 'hören'} auf.`,
  noLink: (from, to, more) =>
    `${from} hat keine gute Verbindung zu ${to}${more > 0 ? `, und ${more} weitere` : ''}.`,
};
