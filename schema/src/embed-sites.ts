/** What a page of an allowed site is: its own address, and that of the frame which shows it on other pages. */
export interface EmbedPlace {
  /** What the site is called. */
  readonly site: string;
  /** Where people open it. */
  readonly page: string;
  /** What a frame shows. It is of one of {@link EMBED_ORIGINS}. */
  readonly frame: string;
  /** What the frame's site learns of the page around it: nothing, or, where it shows nothing without, the origin. */
  readonly referrer: 'no-referrer' | 'strict-origin';
}

/** Reads an address of one of a site's hosts; null if the site has no frame for it. */
type Read = (address: URL) => { readonly page: string; readonly frame: string } | null;

/** A site whose pages may be shown in frames, in the form that stands beside each. */
interface Site {
  readonly name: string;
  /** The hosts of its pages and frames, without `www.`. */
  readonly hosts: readonly string[];
  /** The origin of its frames, the one that the page's policy allows (SPEC CSP-3). */
  readonly origin: string;
  readonly referrer?: EmbedPlace['referrer'];
  readonly read: Read;
}

/** Seconds of `90`, `90s` and `1h2m3s`; null if it is none. */
function seconds(time: string | null): number | null {
  const [whole, h = 0, m = 0, s = 0] =
    /^(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?$/.exec(time ?? '') ?? [];
  return whole ? Number(h) * 3600 + Number(m) * 60 + Number(s) : null;
}

// developers.google.com/youtube/player_parameters; since 2025 the player asks for the origin around it
// (developers.google.com/youtube/terms/required-minimum-functionality).
const youtube: Read = ({ host, pathname, searchParams }) => {
  const [, path] = /^\/(?:embed|shorts|live)\/([\w-]+)\/?$/.exec(pathname) ?? [];
  const short = host === 'youtu.be' ? pathname.slice(1) : null;
  const id = path ?? short ?? (pathname === '/watch' ? searchParams.get('v') : null) ?? '';
  if (!/^[\w-]{11}$/.test(id)) return null;
  const from = seconds(searchParams.get('t') ?? searchParams.get('start'));
  return {
    page: `https://www.youtube.com/watch?v=${id}${from === null ? '' : `&t=${String(from)}`}`,
    frame: `https://www.youtube-nocookie.com/embed/${id}${from === null ? '' : `?start=${String(from)}`}`,
  };
};

// github.com/vimeo/player.js: `h` opens what is not listed.
const vimeo: Read = ({ host, pathname, searchParams }) => {
  const [, id, hash] = /^\/(?:video\/)?(\d{1,12})(?:\/([0-9a-f]{1,20}))?\/?$/.exec(pathname) ?? [];
  if (id === undefined || (host === 'player.vimeo.com') !== pathname.startsWith('/video/')) return null;
  const told = searchParams.get('h');
  const key = hash ?? (told !== null && /^[0-9a-f]{1,20}$/.test(told) ? told : null);
  return {
    page: `https://vimeo.com/${id}${key === null ? '' : `/${key}`}`,
    frame: `https://player.vimeo.com/video/${id}?dnt=1${key === null ? '' : `&h=${key}`}`,
  };
};

// developers.figma.com/docs/embeds
const figma: Read = ({ pathname, searchParams }) => {
  const [, kind, key] = /^\/(design|board|proto|slides|deck)\/(\w{22,128})(?:\/|$)/.exec(pathname) ?? [];
  if (kind === undefined || key === undefined) return null;
  const told = searchParams.get('node-id');
  const node = told !== null && /^[\w:;-]{1,80}$/.test(told) ? `node-id=${encodeURIComponent(told)}` : null;
  const address = `/${kind}/${key}?`;
  return {
    page: `https://www.figma.com/${kind}/${key}${node === null ? '' : `?${node}`}`,
    frame: `https://embed.figma.com${address}${node === null ? '' : `${node}&`}embed-host=sheaf`,
  };
};

/** The frames of what was published on the web, by kind of document. */
const PUBLISHED: Readonly<Record<string, { readonly page: string; readonly frame: string }>> = {
  document: { page: 'pub', frame: 'pub?embedded=true' },
  spreadsheets: { page: 'pubhtml', frame: 'pubhtml?widget=true&headers=false' },
  presentation: { page: 'pub', frame: 'embed' },
};

// As other programs write it: `pub`, `pubhtml` and `embed` of what is published, `preview` of what is shared by its link.
const google: Read = ({ pathname }) => {
  const [, kind = '', published, id] =
    /^\/(document|spreadsheets|presentation)\/(?:u\/\d+\/)?d\/(e\/)?([\w-]{10,200})(?:\/|$)/.exec(pathname) ??
    [];
  const forms = PUBLISHED[kind];
  if (!forms || id === undefined) return null;
  const at = `https://docs.google.com/${kind}/d/${published ?? ''}${id}/`;
  return published
    ? { page: at + forms.page, frame: at + forms.frame }
    : { page: `${at}edit`, frame: `${at}preview` };
};

// As other programs write it (github.com/itteco/iframely, loom.com.js); Loom's own package gives no form.
const loom: Read = ({ pathname }) => {
  const [, id] = /^\/(?:share|embed)\/([0-9a-f]{32})\/?$/.exec(pathname) ?? [];
  return id === undefined
    ? null
    : { page: `https://www.loom.com/share/${id}`, frame: `https://www.loom.com/embed/${id}` };
};

// blog.codepen.io/documentation/api/oembed
const codepen: Read = ({ pathname }) => {
  const [, user, id] = /^\/([\w-]{1,60})\/(?:pen|full|details|embed)\/(\w{3,40})\/?$/.exec(pathname) ?? [];
  if (user === undefined || id === undefined) return null;
  return {
    page: `https://codepen.io/${user}/pen/${id}`,
    frame: `https://codepen.io/${user}/embed/${id}?default-tab=result`,
  };
};

/** How wide and high the frame of a map is taken for, px; a tile of the map is 256 of them wide; the nearest zoom. */
const MAP = { width: 640, height: 360, tile: 256, nearest: 19 };

// github.com/openstreetmap/openstreetmap-website, embed.js: the frame is told what it shows by its edges.
const openStreetMap: Read = ({ pathname, hash, searchParams }) => {
  const [, zoom, north, east] =
    /^#map=(\d{1,2})\/(-?\d{1,2}(?:\.\d{1,10})?)\/(-?\d{1,3}(?:\.\d{1,10})?)/.exec(hash) ?? [];
  if (pathname !== '/' || zoom === undefined) return null;
  const [latitude, longitude] = [Number(north), Number(east)];
  const degrees = 360 / (MAP.tile * 2 ** Math.min(MAP.nearest, Number(zoom)));
  const across = (degrees * MAP.width) / 2;
  const along = (degrees * MAP.height * Math.cos((latitude * Math.PI) / 180)) / 2;
  const edges = [longitude - across, latitude - along, longitude + across, latitude + along];
  const [mlat, mlon] = ['mlat', 'mlon'].map((name) => searchParams.get(name) ?? '');
  const marked = [mlat, mlon].every((one) => /^-?\d{1,3}(?:\.\d{1,10})?$/.test(one ?? ''));
  const bbox = edges.map((edge) => edge.toFixed(5)).join(',');
  const map = `#map=${zoom}/${String(north)}/${String(east)}`;
  return {
    page: `https://www.openstreetmap.org/${marked ? `?mlat=${String(mlat)}&mlon=${String(mlon)}` : ''}${map}`,
    frame: `https://www.openstreetmap.org/export/embed.html?bbox=${encodeURIComponent(bbox)}&layer=mapnik${
      marked ? `&marker=${encodeURIComponent(`${String(mlat)},${String(mlon)}`)}` : ''
    }`,
  };
};

/** The sites whose pages may be shown in frames: all of them, for the pages and for the policy that the server sends. */
const SITES: readonly Site[] = [
  {
    name: 'YouTube',
    hosts: ['youtube.com', 'm.youtube.com', 'youtu.be', 'youtube-nocookie.com'],
    origin: 'https://www.youtube-nocookie.com',
    referrer: 'strict-origin',
    read: youtube,
  },
  {
    name: 'Vimeo',
    hosts: ['vimeo.com', 'player.vimeo.com'],
    origin: 'https://player.vimeo.com',
    read: vimeo,
  },
  {
    name: 'Figma',
    hosts: ['figma.com', 'embed.figma.com'],
    origin: 'https://embed.figma.com',
    read: figma,
  },
  { name: 'Google Docs', hosts: ['docs.google.com'], origin: 'https://docs.google.com', read: google },
  { name: 'Loom', hosts: ['loom.com'], origin: 'https://www.loom.com', read: loom },
  { name: 'CodePen', hosts: ['codepen.io'], origin: 'https://codepen.io', read: codepen },
  {
    name: 'OpenStreetMap',
    hosts: ['openstreetmap.org'],
    origin: 'https://www.openstreetmap.org',
    read: openStreetMap,
  },
];

/** The origins of which a page may show frames, for its policy (SPEC CSP-3). */
export const EMBED_ORIGINS: readonly string[] = SITES.map(({ origin }) => origin);

/**
 * The place of an allowed site that `address` leads to; null where it leads elsewhere, or the site has no frame for it
 * (SPEC EMBED-3). Both addresses are made of checked parts: nothing else of `address` goes into them.
 */
export function embedPlaceOf(address: unknown): EmbedPlace | null {
  const url = typeof address === 'string' ? URL.parse(address) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.port !== '' || url.username !== '') return null;
  const host = url.host.replace(/^www\./, '');
  const site = SITES.find(({ hosts }) => hosts.includes(host));
  const place = site?.read(url);
  return site && place ? { site: site.name, referrer: site.referrer ?? 'no-referrer', ...place } : null;
}
