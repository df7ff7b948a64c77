import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { FORBIDDEN_WORDS } from '../../compiler/code/code.ts';
import { planOf, runnable } from './run.ts';

const bundle = (): string => {
  const [file] = buildSync({
    entryPoints: [new URL('../../engine/text/patterns.ts', import.meta.url).pathname],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
  }).outputFiles;
  return file?.text ?? '';
};

describe('the support code of the emitted module', () => {
  it('is at most 2 KB, minified and gzipped', () => {
    expect(gzipSync(bundle(), { level: 9 }).length).toBeLessThanOrEqual(2048);
  });

  it('contains no word that the loader refuses', () => {
    const words = new RegExp(`(?<![\\w$])(?:${FORBIDDEN_WORDS.join('|')})(?![\\w$])`);
    expect(words.exec(bundle())).toBeNull();
  });

  it('works without any global', () => {
    const context = createContext({});
    const table = planOf('a+é|😀b', { engine: 'dfa' });
    const bits = planOf('a+é|😀b', { engine: 'nfa' });
    const words = planOf('one|two', { engine: 'literals', limits: { includes: 0 } });
    const packed = [table, bits, words].map((plan) => ('packed' in plan ? plan.packed : undefined));
    const body = bundle().replace(/export\{(.*)\};?\s*$/, (_, names: string) => {
      return `const support={${names.replace(/([\w$]+) as (\w+)/g, '$2:$1')}};`;
    });
    const answers = runInContext(
      `((all) => { for (const key of Object.getOwnPropertyNames(all)) delete all[key]; })(globalThis);
      ${body}
      const [table, bits, words] = ${JSON.stringify(packed)};
      const all = (scan, ...texts) => texts.map(scan).join();
      [
        all(support.tableScan(table, false), 'xaaé', '😀b', 'b'),
        all(support.bitScan(bits, false), 'xaaé', '😀b', 'b'),
        all(support.wordScan(words), 'a two', 'tw'),
      ].join(';')`,
      context,
    ) as unknown;
    expect(answers).toBe('true,true,false;true,true,false;true,false');
  });
});

describe('emitted tests', () => {
  it.each([
    ['AWS_SECRET', '(text.includes("AWS_SECRET"))'],
    ["'; DROP|--", '(text.includes("\'; DROP")||text.includes("--"))'],
  ])('of %s stand alone', (source, expected) => {
    expect(runnable(planOf(source))).toBeTypeOf('function');
    expect(String(runnable(planOf(source)))).toContain(expected);
  });

  it('keep no state between texts', () => {
    for (const source of ['[ab]c', 'a+é', 'x.{0,9}y.{0,9}z', 'one']) {
      const scan = runnable(planOf(source));
      const texts = ['ac', 'aé', 'x y z', 'one', ''];
      const first = texts.map(scan);
      expect(texts.map(scan)).toEqual(first);
      expect([...texts].reverse().map(scan).reverse()).toEqual(first);
    }
  });

  it('spell no forbidden word of the pattern', () => {
    for (const source of ['import [a-z]', 'eval\\(|process', 'constructor+x', '(?i)require\\s*\\(']) {
      const words = new RegExp(`(?<![\\w$])(?:${FORBIDDEN_WORDS.join('|')})(?![\\w$])`);
      expect(words.exec(String(runnable(planOf(source))))).toBeNull();
    }
  });
});
