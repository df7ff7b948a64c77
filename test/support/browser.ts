/** A headless Chromium over its debugging pipe (Chrome DevTools Protocol): no driver, no dependency. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const KNOWN = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** The browser to use: `BROWSER`, or one of the PATH; `null` where there is none that speaks the protocol. */
export function findBrowser(): string | null {
  const wanted = process.env['BROWSER'];
  const runs = (name: string): boolean =>
    /chrom/i.test(spawnSync(name, ['--version'], { encoding: 'utf8', timeout: 60_000 }).stdout ?? '');
  return (wanted ? [wanted] : KNOWN).find(runs) ?? null;
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

export interface PageEvents {
  /** URLs that were asked for. */
  readonly requests: string[];
  /** Errors and warnings of the console, of scripts and of the page's own security policy. */
  readonly complaints: string[];
}

export class Browser {
  readonly #process: ChildProcess;
  readonly #profile = mkdtempSync(join(tmpdir(), 'plan-lint-browser-'));
  readonly #waiting = new Map<number, (message: Message) => void>();
  #listeners: ((message: Message) => void)[] = [];
  #last = 0;

  constructor(name: string) {
    this.#process = spawn(
      name,
      [
        '--headless=new',
        // Chromium has no sandbox to offer to root in a container; the pages are our own.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--no-first-run',
        '--remote-debugging-pipe',
        `--user-data-dir=${this.#profile}`,
        '--window-size=1100,1400',
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    let held = '';
    (this.#process.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const messages = (held + text).split('\0');
      held = messages.pop() ?? '';
      for (const each of messages) this.#take(JSON.parse(each) as Message);
    });
  }

  #take(message: Message): void {
    if (message.id === undefined) for (const listener of this.#listeners) listener(message);
    else {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    }
  }

  send(method: string, params: object = {}, sessionId?: string): Promise<Readonly<Record<string, unknown>>> {
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result ?? {}),
      );
      const message = { id, method, params, ...(sessionId !== undefined && { sessionId }) };
      (this.#process.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    });
  }

  /** Opens a page as a reader with a light or dark desktop sees it. */
  async open(url: string, scheme: 'light' | 'dark'): Promise<Page> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const session = String(sessionId);
    const events: PageEvents = { requests: [], complaints: [] };
    const loaded = new Promise<void>((done) => {
      this.#listeners.push(({ sessionId: from, method, params }) => {
        if (from !== session) return;
        if (method === 'Page.loadEventFired') done();
        if (method === 'Network.requestWillBeSent')
          events.requests.push((params?.['request'] as { url: string }).url);
        if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded')
          events.complaints.push(JSON.stringify(params));
        if (method === 'Runtime.consoleAPICalled' && /error|warning|assert/.test(String(params?.['type'])))
          events.complaints.push(JSON.stringify(params));
      });
    });
    for (const domain of ['Page', 'Network', 'Runtime', 'Log'])
      await this.send(`${domain}.enable`, {}, session);
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.send('Emulation.setEmulatedMedia', { features }, session);
    await this.send('Page.navigate', { url }, session);
    await loaded;
    return new Page(this, session, events);
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.#process.on('close', done));
    await this.send('Browser.close').catch(() => undefined);
    await ended;
    this.#listeners = [];
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class Page {
  readonly #browser: Browser;
  readonly #session: string;
  readonly events: PageEvents;

  constructor(browser: Browser, session: string, events: PageEvents) {
    this.#browser = browser;
    this.#session = session;
    this.events = events;
  }

  /** The value of an expression in the page, or what its promise comes to, as JSON carries it. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#browser.send(
      'Runtime.evaluate',
      { expression, returnByValue: true, awaitPromise: true },
      this.#session,
    );
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value?: unknown }).value;
  }

  /** Lays the page out anew for a window so many CSS pixels wide. */
  async resize(width: number): Promise<void> {
    const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: false };
    await this.#browser.send('Emulation.setDeviceMetricsOverride', metrics, this.#session);
  }

  /** A picture of the page, PNG in base64. */
  async screenshot(): Promise<string> {
    return String((await this.#browser.send('Page.captureScreenshot', {}, this.#session))['data']);
  }
}

/**
 * What cannot be read for its layout, as an expression for a page: a page that scrolls sideways, and cells whose text is broken
 * into pieces of less than 12 characters though it has longer words.
 */
export const CRAMPED = `(() => {
  const cramped = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) cramped.push('the page is ' + scrollWidth + ' px wide in ' + clientWidth);
  const pen = document.createElement('canvas').getContext('2d');
  for (const cell of document.querySelectorAll('td')) {
    const text = cell.innerText.trim();
    const words = text.split(/\\s+/).map((word) => word.slice(0, 12));
    if (text === '' || cell.getClientRects().length === 0) continue;
    const style = getComputedStyle(cell.querySelector('code') ?? cell);
    pen.font = style.fontSize + ' ' + style.fontFamily;
    const { paddingLeft, paddingRight } = getComputedStyle(cell);
    const inner = cell.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    const broken = words.find((word) => pen.measureText(word).width > inner + 1);
    if (broken !== undefined) cramped.push(text.slice(0, 40) + ': ' + Math.round(inner) + ' px for ' + broken);
  }
  return cramped;
})()`;

/**
 * Texts that are hard to read, as an expression for a page: those whose contrast with what lies behind them is below
 * 4.5, or 3 where they are large (WCAG 2.2, success criterion 1.4.3).
 */
export const FAINT_TEXTS = `(() => {
  const parse = (text) => {
    const [r, g, b, a = 1] = (text.match(/[\\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const canvas = /dark/.test(getComputedStyle(document.documentElement).colorScheme) && dark ? [18, 18, 18] : [255, 255, 255];
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), canvas);
  };
  const faint = [];
  for (const element of document.body.querySelectorAll('*')) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join('');
    const style = getComputedStyle(element);
    if (text === '' || /^(script|style|title)$/i.test(element.tagName) || style.visibility === 'hidden') continue;
    if (element.getClientRects().length === 0) continue;
    const isSvg = element.namespaceURI.endsWith('svg');
    const ground = behind(isSvg ? element.ownerSVGElement ?? element : element);
    const colour = over(parse(isSvg ? style.fill : style.color), ground);
    const [high, low] = [luminance(colour), luminance(ground)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) faint.push(text.slice(0, 40) + ': ' + ratio.toFixed(2));
  }
  return faint;
})()`;
