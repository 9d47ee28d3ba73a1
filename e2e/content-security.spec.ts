import { documentPath, editor, expect, press, saved, test, title } from './site.ts';

test.use({ serviceWorkers: 'allow' });

/** What a browser makes of HTML that some code hands over as a string. */
const CASES: readonly [given: string, shown: string][] = [
  ['<b onclick="alert(1)">bold</b>', '<b>bold</b>'],
  ['<img src="//elsewhere.example/x" onerror="alert(1)" alt="a">', '<img alt="a">'],
  ['<a href="javascript:alert(1)">a</a>', '<a>a</a>'],
  ['<a href="https://example.org/">a</a>', '<a href="https://example.org/">a</a>'],
  ['<script>alert(1)</script>words', 'words'],
  ['<svg><style><img src=x onerror=alert(1)></style></svg>words', '<img>words'],
  ['<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>', ''],
  ['<p style="background:url(//elsewhere.example/x)">p</p>', '<p>p</p>'],
  ['<form id="app"><input name="attributes">in</form>', '<input>in'],
  ['<iframe srcdoc="<script>alert(1)</script>"></iframe>x', 'x'],
  ['<template><img src=x onerror=alert(1)></template>x', 'x'],
  ['<pre>\n\nx</pre>', '<pre>\nx</pre>'],
  ['<p title="&lt;i&gt;">a &amp; b</p>', '<p title="&lt;i&gt;">a &amp; b</p>'],
  ['<unknown-thing>kept <i>words</i></unknown-thing>', 'kept <i>words</i>'],
];

/** While it reads HTML, also as a tree that is on no page, the browser tells of handlers and styles that would be refused. */
function expectRefusals(problems: string[]): void {
  for (const problem of problems.splice(0)) expect(problem).toMatch(/Content Security Policy directive/);
}

test('CSP-2: HTML that is handed over as a string is sanitised', async ({ visit, site, problems }) => {
  const page = await visit('/');
  const asked: string[] = [];
  // The page goes on asking for parts of its own: what counts is what the strings name.
  page.on('request', (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin !== site.url || pathname === '/x') asked.push(request.url());
  });
  const shown = await page.evaluate(
    (given) =>
      given.map((html) => {
        const element = document.createElement('div');
        document.body.append(element);
        element.innerHTML = html;
        const { innerHTML } = element;
        element.remove();
        return innerHTML;
      }),
    CASES.map(([given]) => given),
  );
  expect(shown).toEqual(CASES.map(([, wanted]) => wanted));
  const deep = await page.evaluate(() => {
    const element = document.createElement('div');
    element.innerHTML = `${'<b>'.repeat(500)}deep`;
    return element.textContent;
  });
  expect(deep).toBe('deep');
  expect(asked).toEqual([]);
  expectRefusals(problems);
});

test('CSP-2: no string becomes code, and no address that is not of the build', async ({
  visit,
  problems,
}) => {
  const page = await visit('/');
  const thrown = await page.evaluate(() => {
    const script = document.createElement('script');
    const attempts: Record<string, () => unknown> = {
      worker: () => new Worker('/d/some-document'),
      elsewhere: () => new Worker('https://elsewhere.example/assets/x.js'),
      data: () => new Worker('data:text/javascript,alert(1)'),
      source: () => (script.src = '/metrics'),
      text: () => (script.text = 'alert(1)'),
      timer: () => setTimeout('alert(1)'),
      policy: () =>
        (
          globalThis as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } }
        ).trustedTypes.createPolicy('another', {}),
    };
    return Object.entries(attempts).flatMap(([name, attempt]) => {
      try {
        attempt();
        return [];
      } catch {
        return [name];
      }
    });
  });
  expect(thrown).toEqual(['worker', 'elsewhere', 'data', 'source', 'text', 'timer', 'policy']);
  // The browser tells of each refusal.
  for (const problem of problems.splice(0)) expect(problem).toMatch(/Trusted|Content Security Policy/);
});

test('CSP-2: what is pasted keeps its structure', async ({ visit, problems }) => {
  const page = await visit(documentPath('paste'));
  await title(page).click();
  await page.keyboard.type('Pasted');
  await press(page, 'Enter');
  await editor(page).evaluate((element) => {
    const clipboardData = new DataTransfer();
    const html = '<h2>Head</h2><ul><li>one <b onclick="alert(1)">bold</b></li></ul><script>alert(1)</script>';
    clipboardData.setData('text/html', html);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(editor(page).locator('h2')).toHaveText('Head');
  await expect(editor(page).locator('li strong')).toHaveText('bold');
  await saved(page);
  expectRefusals(problems);
});
