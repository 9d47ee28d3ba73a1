import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMBED_ORIGINS, embedPlaceOf } from './embed-sites.ts';
import { documentSchema } from './extensions.ts';
import { parseHtml } from './html/parse-html.ts';
import { writeHtml } from './html/write-html.ts';
import { readMedia } from './media.ts';
import { readMarkdown } from './read-markdown.ts';
import { writeMarkdown } from './write-markdown.ts';

const schema = documentSchema();
const VIDEO = 'M7lc1UVf-VE';
const WATCH = `https://www.youtube.com/watch?v=${VIDEO}`;

const cards = (doc: ReturnType<typeof readMarkdown>) =>
  doc.children.map(({ type, textContent, attrs }) =>
    type.name === 'embed' ? [attrs['url'], attrs['title']] : textContent,
  );

test('EMBED-1: a card holds an address of http or https and one line, and nothing else', () => {
  for (const url of [
    'javascript:alert(1)',
    'data:text/html,x',
    'mailto:a@b.c',
    '/plan',
    'blob:https://a/b',
    7,
  ])
    assert.equal(readMedia('embed', { url })['url'], null, String(url));
  assert.deepEqual(readMedia('embed', { url: WATCH, title: 'A\nB', src: 'https://x.example', style: 'x' }), {
    url: WATCH,
    title: 'A B',
  });
});

test('EMBED-3: pages of allowed sites have frames, made of checked parts, on an origin that the policy allows', () => {
  const key = 'nrPSsILSYjesyc5UHjYYa4';
  const loom = '0123456789abcdef'.repeat(2);
  const document = '1XxkbqphVjHbJC1_qv0HHqiGJSVYRYX2Qyxyqj460W6s';
  const nocookie = `https://www.youtube-nocookie.com/embed/${VIDEO}`;
  const frames: readonly [address: string, frame: string][] = [
    [WATCH, nocookie],
    [`https://youtu.be/${VIDEO}?si=tracked&t=1m16s`, `${nocookie}?start=76`],
    [`https://m.youtube.com/shorts/${VIDEO}`, nocookie],
    [`https://www.youtube.com/embed/${VIDEO}?autoplay=1&start=9`, `${nocookie}?start=9`],
    ['https://vimeo.com/76979871', 'https://player.vimeo.com/video/76979871?dnt=1'],
    ['https://vimeo.com/791813674/2c9cfc5030', 'https://player.vimeo.com/video/791813674?dnt=1&h=2c9cfc5030'],
    [
      'https://player.vimeo.com/video/76979871?h=8272103f6e',
      'https://player.vimeo.com/video/76979871?dnt=1&h=8272103f6e',
    ],
    [
      `https://www.figma.com/design/${key}/Name?node-id=5-3&t=x`,
      `https://embed.figma.com/design/${key}?node-id=5-3&embed-host=sheaf`,
    ],
    [
      `https://docs.google.com/document/d/${document}/edit#heading=h.1`,
      `https://docs.google.com/document/d/${document}/preview`,
    ],
    [
      `https://docs.google.com/spreadsheets/d/e/2PACX-1vTEMPLATE/pubhtml`,
      'https://docs.google.com/spreadsheets/d/e/2PACX-1vTEMPLATE/pubhtml?widget=true&headers=false',
    ],
    [
      `https://docs.google.com/presentation/u/1/d/${document}/edit`,
      `https://docs.google.com/presentation/d/${document}/preview`,
    ],
    [`https://www.loom.com/share/${loom}?sid=1`, `https://www.loom.com/embed/${loom}`],
    ['https://codepen.io/kowlor/pen/ZYYQoy', 'https://codepen.io/kowlor/embed/ZYYQoy?default-tab=result'],
    [
      'https://www.openstreetmap.org/?mlat=52.5&mlon=13.4#map=12/52.5/13.4',
      'https://www.openstreetmap.org/export/embed.html?bbox=13.29014%2C52.46238%2C13.50986%2C52.53762&layer=mapnik&marker=52.5%2C13.4',
    ],
  ];
  for (const [address, frame] of frames) {
    const place = embedPlaceOf(address);
    assert.equal(place?.frame, frame, address);
    assert.ok(EMBED_ORIGINS.includes(new URL(frame).origin), frame);
    // What is opened in a tab leads to the same frame.
    assert.equal(embedPlaceOf(place?.page)?.frame, frame, place?.page);
    assert.equal(place?.referrer, frame.startsWith(nocookie) ? 'strict-origin' : 'no-referrer');
  }
});

test('EMBED-3: what only looks like an allowed site has no frame', () => {
  for (const address of [
    `https://youtube.com.evil.example/watch?v=${VIDEO}`,
    `https://evil.example/?u=${WATCH}`,
    `https://www.youtube.com@evil.example/watch?v=${VIDEO}`,
    `https://user:word@www.youtube.com/watch?v=${VIDEO}`,
    `https://www.youtube.com:8443/watch?v=${VIDEO}`,
    `https://xn--outube-xoa.com/watch?v=${VIDEO}`,
    'https://www.youtube.com/watch?v="><script>',
    'https://www.youtube.com/redirect?q=https://evil.example',
    `ftp://www.youtube.com/watch?v=${VIDEO}`,
    `javascript:"${WATCH}"`,
    'https://docs.google.com/forms/d/1XxkbqphVjHbJC1_qv0HHq/edit',
    'https://docs.google.com/document/d/../../evil/edit',
    'https://vimeo.com/76979871?h="><script>#',
    'https://www.openstreetmap.org/#map=12/52.5/13.4x"',
    'https://example.org/',
    '',
    null,
  ]) {
    const place = embedPlaceOf(address);
    assert.ok(place === null || !/[<>"\s]/.test(place.frame), String(address));
    if (!/vimeo|openstreetmap/.test(String(address))) assert.equal(place, null, String(address));
  }
});

test('MD-2: a card is a link with the title "card" on a line of its own, as people write it', () => {
  const markdown = [
    `[A talk, in short](<${WATCH.replace('?', '?')}> "card")`,
    '[https://example.org/plan](https://example.org/plan "card")',
    '[Plan](https://example.org/plan)',
    'Words and [Plan](https://example.org/plan)',
  ].join('\n\n');
  const doc = readMarkdown(schema, markdown);
  assert.deepEqual(cards(doc), [
    [WATCH, 'A talk, in short'],
    ['https://example.org/plan', null],
    'Plan',
    'Words and Plan',
  ]);
  // Among words, and of another kind of address, it is a link like any other.
  assert.deepEqual(cards(readMarkdown(schema, 'See [Plan](https://example.org/ "card")')), ['See Plan']);
  assert.deepEqual(cards(readMarkdown(schema, '[Ada](mailto:ada@example.org "card")')), ['Ada']);
  assert.deepEqual(cards(readMarkdown(schema, '[x](javascript:alert(1) "card")')), [
    '[x](javascript:alert(1) "card")',
  ]);
  assert.deepEqual(readMarkdown(schema, writeMarkdown(doc)).toJSON(), doc.toJSON());
});

test('EMBED-5: in HTML a card is a figure with its link; frames of allowed sites are read as cards, others not at all', () => {
  const doc = schema.node('doc', null, [
    schema.node('embed', { url: 'https://example.org/?a=1&b="2"', title: '<b>Plan' }),
    schema.node('embed', { url: 'javascript:alert(1)', title: 'Run' }),
  ]);
  const html = writeHtml(doc);
  assert.match(
    html,
    /<a href="https:\/\/example\.org\/\?a=1&#38;b=&#34;2&#34;" dir="auto">&#60;b&#62;Plan<\/a>/,
  );
  assert.ok(!html.includes('javascript:') && !html.includes('<iframe') && !html.includes('<b>'));
  const pasted =
    `<p>Before</p><iframe width="560" src="https://www.youtube.com/embed/${VIDEO}?si=x" title="YouTube video player"></iframe>` +
    '<iframe src="https://tracker.example/"></iframe><iframe srcdoc="<script>run()</script>"></iframe><p>after</p>';
  assert.deepEqual(cards(parseHtml(schema, pasted)), ['Before', [WATCH, null], 'after']);
});

test('EMBED-6: who copies a card to a program without cards gets its title and address', () => {
  const doc = schema.node('doc', null, [
    schema.node('paragraph', null, [schema.text('a')]),
    schema.node('embed', { url: WATCH, title: 'A talk' }),
  ]);
  assert.equal(doc.textBetween(0, doc.content.size, '\n'), `a\nA talk ${WATCH}`);
});
