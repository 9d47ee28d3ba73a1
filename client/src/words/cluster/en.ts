import { count } from '../en.ts';

const are = (number: number) => (number === 1 ? 'is' : 'are');

/** The messages of the page that shows the cluster: English. */
export const clusterWords = {
  title: 'Cluster',
  looked: 'Looked at each second.',
  metrics: 'The same as numbers, for Prometheus',
  old: (since: string) =>
    `This server does not answer. What stands here is from ${since}; the other nodes have this page as well.`,
  asking: 'Asking the server…',
  alone: 'This server is on its own',
  aloneMore: 'It is not linked with others: SHEAF_CLUSTER_LISTEN is not set.',
  closed: 'This page is closed',
  closedMore: 'Set SHEAF_ADMIN_TOKEN at the server, and start it again: whoever has the token may look.',
  silent: 'This server does not answer',
  silentMore: 'It is asked again each second. The other nodes have this page as well.',
  locked: 'For whoever runs this server',
  lockedMore:
    'The token is what SHEAF_ADMIN_TOKEN is set to at this server. It is kept until this tab is closed.',
  token: 'Administrator’s token',
  wrong: 'This is not the token.',
  show: 'Show the cluster',
  nodes: 'Nodes',
  name: 'Name',
  seen: 'How this server sees it',
  links: 'Links',
  linksMore:
    'Each node says how it sees the others. “Behind” is what it has sent and what has not been acknowledged.',
  from: 'From',
  to: 'To',
  state: 'State',
  behind: 'Behind',
  waiting: 'Waiting',
  nothing: 'Nothing',
  conditions: {
    linked: 'Linked',
    suspect: 'Silent',
    lost: 'Link lost',
    dead: 'Gone',
    unknown: 'Not known',
  },
  lostOrGone: 'Link lost or node gone',
  self: 'This server',
  selfEnding: 'This server, ending',
  ending: 'Ending',
  mute: 'Linked, does not answer',
  updates: (number: number) => count(number, { one: '1 update', other: '# updates' }),
  toFetch: (number: number) => count(number, { one: '1 document to fetch', other: '# documents to fetch' }),
  single: 'One node. No other has been linked with it yet.',
  size: (number: number) => count(number, { one: '1 node', other: '# nodes' }),
  well: (size: string) => `${size}, all linked with each other.`,
  /** `troubles`: sentences of the kinds below. */
  trouble: (size: string, troubles: readonly string[]) => `${size}. ${troubles.join(' ')}`,
  areGone: (names: readonly string[]) => `${names.join(', ')} ${are(names.length)} gone.`,
  areLost: (names: readonly string[]) => `${names.join(', ')} ${are(names.length)} out of reach.`,
  areSilent: (names: readonly string[]) => `${names.join(', ')} ${are(names.length)} silent.`,
  areEnding: (names: readonly string[]) => `${names.join(', ')} ${are(names.length)} ending.`,
  noLink: (from: string, to: string, more: number) =>
    `${from} has no good link to ${to}${more > 0 ? `, and ${more} more` : ''}.`,
};

/** Each language has the same messages. */
export type ClusterWords = typeof clusterWords;
