/**
 * The HTML reports in a real browser: nothing is loaded, nothing complains, and every text can be read in light and in
 * dark. Runs where a Chromium is found (`BROWSER`, or `chromium`, `google-chrome` on the PATH; Debian: `chromium`).
 */
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { Browser, CRAMPED, FAINT_TEXTS, findBrowser } from '../support/browser.ts';
import { DOCUMENT_POLICIES, place } from './place.ts';

const name = findBrowser();
const reason = name === null ? ' (skipped: no Chromium; set BROWSER, or install the package chromium)' : '';
if (name === null) console.warn(`HTML reports are not looked at${reason}`);

const EXCEPTION = `extends: [base.yaml]
name: waived
exceptions:
  - rule: prevent_sql_injection
    scope: { tool: db.query }
    reason: the migration of spring
    ticket: SEC-7
    requested_by: ann
    approved_by: bob
    expires: 2027-01-01T00:00:00Z
`;
const plan = (id: string, sql: string): string =>
  `${JSON.stringify({ id, steps: [{ id: 's', tool: 'db.query', args: { sql } }] })}\n`;

/** Pages by the text that each must show. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  'batch.html': ['prevent_sql_injection', 'p.jsonl:2', 'critical', 'Decided by', 'sha256:', 'Context'],
  'simulation.html': ['prevent_sql_injection', 'newly', 'sha256:', 'Made'],
  'coverage.html': ['prevent_sql_injection'],
  'inspection.html': ['prevent_sql_injection', 'SEC-7', 'ann', 'waived'],
};

describe.skipIf(name === null)(`HTML reports in ${name ?? 'a browser'}${reason}`, () => {
  const at = place();
  let browser: Browser;

  beforeAll(async () => {
    browser = new Browser(name ?? '');
    at.write(DOCUMENT_POLICIES);
    at.write({
      'policies/waived.yaml': EXCEPTION,
      'next/base.yaml': 'name: base\nmax_steps: 9\n',
      'plans/p.jsonl': `${plan('fine', 'SELECT 1')}${plan('not <fine>', '1=1')}no plan\n`,
      'tests/t.yaml':
        'entry: finance\nstep: { tool: db.query, args: { sql: 1=1 } }\nexpect: { status: deny }\n',
    });
    const commands: readonly (readonly [number, string])[] = [
      [1, 'validate-batch --plans-dir plans --policy-dir policies --entry finance --output batch.html'],
      [
        0,
        'simulate --old policies --old-entry finance --new next --plans-dir plans --output simulation.html',
      ],
      [0, 'test-policies --policy-dir policies --test-dir tests --coverage-output coverage.html'],
      [0, 'keygen --out keys --any-name'],
      [0, 'bundle --policy-dir policies --output acme.tar.gz --key keys/signer.key'],
      [0, 'inspect acme.tar.gz --trust keys/trust.json --format html --output inspection.html'],
    ];
    for (const [code, line] of commands) {
      expect({ line, code: await run(line.split(' '), at.io), err: at.err() }).toEqual({
        line,
        code,
        err: '',
      });
    }
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    at.remove();
  });

  it.each(Object.entries(PAGES))('%s', async (file, shown) => {
    const url = pathToFileURL(at.path(file)).href;
    const pictures: string[] = [];
    for (const scheme of ['light', 'dark'] as const) {
      const page = await browser.open(url, scheme);
      expect(await page.evaluate(FAINT_TEXTS), scheme).toEqual([]);
      const text = String(await page.evaluate('document.body.innerText'));
      for (const each of shown) expect(text).toContain(each);
      pictures.push(await page.screenshot());
      expect(page.events).toEqual({ requests: [url], complaints: [] });
    }
    expect(pictures[0]).not.toBe(pictures[1]);
  });

  it.each(Object.keys(PAGES))('%s fits a telephone and a desk', async (file) => {
    const page = await browser.open(pathToFileURL(at.path(file)).href, 'light');
    for (const width of [390, 1280]) {
      await page.resize(width);
      expect(await page.evaluate(CRAMPED), `${width} px`).toEqual([]);
    }
  });

  it('a page that is too wide, and a column too narrow to read, do not pass', async () => {
    at.write({
      'wide.html': `<table style="width:200px;table-layout:fixed"><tr><td style="width:40px;overflow-wrap:anywhere">prevent_sql_injection
        <td><div style="width:3000px">wide</div></table>`,
    });
    const page = await browser.open(pathToFileURL(at.path('wide.html')).href, 'light');
    const cramped = await page.evaluate(CRAMPED);
    expect(cramped).toEqual([
      expect.stringMatching(/^the page is 30\d\d px wide/),
      expect.stringMatching(/^prevent_sql_injection: \d+ px for prevent_sql_$/),
    ]);
  });

  it('what must not pass does not: a page that loads, complains and cannot be read', async () => {
    at.write({
      'bad.html': `<body style="background:#fff"><p style="color:#ccc">faint</p><p>plain</p>
        <img src="none.png"><script>console.error('no')</script>`,
    });
    const url = pathToFileURL(at.path('bad.html')).href;
    const page = await browser.open(url, 'light');
    expect(await page.evaluate(FAINT_TEXTS)).toEqual([expect.stringMatching(/^faint: 1\.\d+$/)]);
    expect(page.events.requests).toEqual([url, url.replace('bad.html', 'none.png')]);
    expect(page.events.complaints.length).toBeGreaterThan(0);
  });
});
