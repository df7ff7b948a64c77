/** The dashboard of the built program in a real browser: readable in light and dark, on a telephone and a desk, by keyboard, with nothing loaded but its style. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DENIED, directoryOf, PASSED } from '../../service/support/running.ts';
import { DOCUMENT_POLICIES } from '../../cli/place.ts';
import { Browser, CRAMPED, FAINT_TEXTS, findBrowser } from '../../support/browser.ts';
import { ask, settings, startProgram } from './program.ts';
import type { Program } from './program.ts';

const name = findBrowser();

describe.skipIf(name === null)(`the dashboard in ${name ?? 'a browser (skipped: no Chromium)'}`, () => {
  let directory: string;
  let program: Program;
  let browser: Browser;

  beforeAll(async () => {
    directory = directoryOf(DOCUMENT_POLICIES);
    const config = settings(directory, {
      // Nobody in particular, on loopback: a browser that is driven here sends no header.
      auth: { modes: [] },
      policies: { path: join(directory, 'policies') },
      results: { url: `sqlite:${join(directory, 'results.db')}` },
    });
    program = await startProgram(config);
    for (let n = 0; n < 20; n += 1)
      await ask(`${program.url}/validate`, { body: JSON.stringify(n % 4 ? PASSED : DENIED) });
    await expectPage('20');
    browser = new Browser(name ?? '');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    program.child.kill('SIGKILL');
    await program.ended;
    rmSync(directory, { recursive: true, force: true });
  });

  /** The database has read what was decided. */
  async function expectPage(decisions: string): Promise<void> {
    const deadline = performance.now() + 20_000;
    while (performance.now() < deadline) {
      const { text } = await ask(`${program.url}/dashboard`);
      if (text.includes(`<span class="soft">decisions</span><b class="">${decisions}</b>`)) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error('the dashboard does not have the decisions');
  }

  it('is read in light and dark, and loads its style alone', async () => {
    const url = `${program.url}/dashboard`;
    const pictures: string[] = [];
    for (const scheme of ['light', 'dark'] as const) {
      const page = await browser.open(url, scheme);
      expect(await page.evaluate(FAINT_TEXTS), scheme).toEqual([]);
      const text = String(await page.evaluate('document.body.innerText'));
      for (const shown of ['prevent_sql_injection', '25.0 %', 'Rules that never fired', 'NOT SIGNED'])
        expect(text).toContain(shown);
      expect(await page.evaluate('document.querySelectorAll("svg rect").length')).toBeGreaterThan(0);
      pictures.push(await page.screenshot());
      expect(page.events).toEqual({ requests: [url, `${url}/style.css`], complaints: [] });
    }
    expect(pictures[0]).not.toBe(pictures[1]);
  });

  it('fits a telephone and a desk', async () => {
    const page = await browser.open(`${program.url}/dashboard`, 'light');
    for (const width of [390, 1280]) {
      await page.resize(width);
      expect(await page.evaluate(CRAMPED), `${width} px`).toEqual([]);
    }
  });

  it('is walked by keyboard: what can be used can be focused, and the focus is seen', async () => {
    const page = await browser.open(`${program.url}/dashboard`, 'light');
    const walked =
      await page.evaluate(`[...document.querySelectorAll('a, button, input, summary')].map((each) => {
      each.focus({ focusVisible: true });
      return document.activeElement === each && getComputedStyle(each).outlineStyle;
    })`);
    expect(walked).toEqual(expect.arrayContaining(['solid']));
    expect(new Set(walked as string[])).toEqual(new Set(['solid']));
  });
});
