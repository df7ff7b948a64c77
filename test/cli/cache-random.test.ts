/** Random trees of policies, edited at random: what is compiled with a cache is what is compiled without. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskCache } from '../../bundles/disk-cache.ts';
import { parsePolicy } from '../../compiler/1-parse/index.ts';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';
import { compile, memoryHost, renderDiagnostic } from '../../compiler/index.ts';
import type { CompilerCache } from '../../compiler/index.ts';
import { fromRecord, toRecord } from '../../compiler/record.ts';
import { policyFile } from '../differential/generate.ts';
import { grow } from '../fuzz/grow.ts';
import { tree } from '../fuzz/policy-trees.ts';

type Files = Readonly<Record<string, string>>;

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plan-lint-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Outcome {
  readonly code: string | undefined;
  readonly sourceMap: string | undefined;
  readonly diagnostics: readonly string[];
}

async function outcome(files: Files, cache?: CompilerCache): Promise<Outcome> {
  const { result, diagnostics } = await compile(memoryHost(files), cache ? { cache } : {});
  return {
    code: result?.module.code,
    sourceMap: result?.module.sourceMap(),
    diagnostics: diagnostics.map(renderDiagnostic),
  };
}

/** One file made another: in a comment, in a number, taken from another tree, or with a word that is not known. */
const edit = fc.record({
  file: fc.nat(),
  place: fc.nat(),
  kind: fc.constantFrom('comment', 'number', 'number', 'other', 'unknown'),
});

function edited(
  files: Files,
  others: Files,
  { file, place, kind }: { file: number; place: number; kind: string },
): Files {
  const names = Object.keys(files);
  const name = names[file % names.length] ?? '';
  const text = files[name] ?? '';
  if (kind === 'comment') return { ...files, [name]: `# ${place}\n${text}` };
  if (kind === 'other') return { ...files, [name]: others[name] ?? text };
  if (kind === 'unknown') return { ...files, [name]: text.replace('"rules"', '"rulez"') };
  const numbers = [...text.matchAll(/\d+/g)];
  const { index = 0, 0: found = '' } = numbers[place % Math.max(1, numbers.length)] ?? {};
  const other = `${place % 9}`;
  return { ...files, [name]: `${text.slice(0, index)}${other}${text.slice(index + found.length)}` };
}

describe('a compiler with a cache', () => {
  it('makes the same bytes, source map and diagnostics through random edits', async () => {
    let [compiled, refused] = [0, 0];
    const grown = await Promise.all(fc.sample(tree, { seed: 21, numRuns: 10 }).map(grow));
    const trees = grown.flatMap((one) => (one ? [one.files] : []));
    for (const [i, first] of trees.entries()) {
      const cache = diskCache(directory);
      let files = first;
      for (const one of [null, ...fc.sample(edit, { seed: i, numRuns: 6 })]) {
        files = one ? edited(files, trees[(i + 1) % trees.length] ?? files, one) : files;
        const anew = await outcome(files);
        // What the build before has left, then what this one has.
        expect(await outcome(files, cache)).toEqual(anew);
        expect(await outcome(files, cache)).toEqual(anew);
        if (anew.code === undefined) refused += 1;
        else compiled += 1;
      }
    }
    expect([compiled > 15, refused > 3]).toEqual([true, true]);
  });
});

describe('the record of a parsed file', () => {
  it('comes back as what was parsed', () => {
    fc.assert(
      fc.property(policyFile, (text) => {
        const file = { path: 'p.yaml', text };
        const document = parsePolicy(file, new Diagnostics());
        if (!document) throw new Error('it does not parse');
        const record = toRecord(document, file);
        expect(record).not.toBeNull();
        const back = fromRecord(record ?? '', file);
        expect(back).toEqual(document);
        expect(back.file).toBe(file);
        expect(toRecord(back, file)).toBe(record);
      }),
      { numRuns: 200, seed: 22 },
    );
  });

  it.each(['-0.0', '.nan', '.inf'])('is none where JSON does not have the number %s', (value) => {
    const file = {
      path: 'p.yaml',
      text: `rules:\n  - { rule: r, pattern: { arg: a, operation: equals, value: ${value} } }\n`,
    };
    const document = parsePolicy(file, new Diagnostics());
    expect(document && toRecord(document, file)).toBeNull();
  });
});
