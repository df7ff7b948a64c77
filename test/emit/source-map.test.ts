import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { comma, js, join, literal, marked, newline } from '../../compiler/code/code.ts';
import { sourceMap } from '../../compiler/5-emit/source-map.ts';
import { compile } from '../../compiler/index.ts';
import { directoryHost } from '../../bundles/directory-host.ts';
import type { RuleRow } from '../../runtime/contract.ts';
import { compileMemory } from '../support/decide.ts';
import { readSourceMap } from '../support/source-map.ts';

const row = (id: string, file: number, line: number, column: number): RuleRow => [
  id,
  0,
  0,
  0,
  0,
  0,
  '',
  file,
  line,
  column,
];

describe('a source map', () => {
  it('says of each marked stretch where it comes from, and of the rest nothing', () => {
    const rows = [row('a', 0, 7, 3), row('b', 1, 100_000, 1), row('a', 0, 2, 5000)];
    const code = join(
      [
        js`f(${join(
          rows.map((one, i) => marked(literal(one[0]), i)),
          comma,
        )});`,
        js`none;`,
        js`${marked(js`two\nlines`, 1)}!`,
        marked(js`x`, 0),
      ],
      newline,
    );
    const origin = (place: string, name: string): unknown => ({ place, name });
    expect(readSourceMap(sourceMap(code, rows, ['x.yaml', 'y/z.yaml']))).toEqual([
      { line: 1, column: 3, origin: origin('x.yaml:7:3', 'a') },
      { line: 1, column: 6, origin: null },
      { line: 1, column: 7, origin: origin('y/z.yaml:100000:1', 'b') },
      { line: 1, column: 10, origin: null },
      { line: 1, column: 11, origin: origin('x.yaml:2:5000', 'a') },
      { line: 1, column: 14, origin: null },
      { line: 3, column: 1, origin: origin('y/z.yaml:100000:1', 'b') },
      { line: 4, column: 1, origin: origin('y/z.yaml:100000:1', 'b') },
      { line: 4, column: 6, origin: null },
      { line: 5, column: 1, origin: origin('x.yaml:7:3', 'a') },
    ]);
  });

  it('is that of ECMA-426 for numbers of any size and sign', () => {
    // By hand: what is written is twice the distance from column 1, in digits of five bits, low first; from 32 on: and more.
    const at = (column: number): string =>
      (JSON.parse(sourceMap(marked(js`x`, 0), [row('a', 0, 1, column)], ['f'])) as { mappings: string })
        .mappings;
    expect([1, 2, 16, 17, 513].map(at)).toEqual(['AAAAA', 'AAACA', 'AAAeA', 'AAAgBA', 'AAAggBA']);
  });

  it.each(['policies', 'fixtures/inheritance-of-the-source-document/policies'])(
    'leads to the row and to the test of every rule (%s)',
    async (path) => {
      const directory = fileURLToPath(new URL(`../../${path}`, import.meta.url));
      const { result } = await compile(directoryHost(directory));
      const [code, map] = [result?.module.code ?? '', result?.module.sourceMap() ?? ''];
      const lines = code.split('\n');
      const segments = readSourceMap(map);
      const pieces = segments.map(({ line, column, origin }, i) => {
        const next = segments[i + 1];
        const end = next?.line === line ? next.column - 1 : undefined;
        return { origin, text: lines[line - 1]?.slice(column - 1, end) ?? '' };
      });
      const rules = new Map(
        (result?.policies.sources ?? []).flatMap(({ path: file, text }) =>
          text.split('\n').flatMap((line, i) => {
            const found = /^(\s*- )(rule: *)([\w-]+)$/.exec(line);
            return found ? ([[`${file}:${i + 1}`, found[3] ?? '']] as const) : [];
          }),
        ),
      );
      expect(rules.size).toBeGreaterThan(1);
      for (const [place, id] of rules) {
        const own = pieces.filter(
          ({ origin }) => origin?.name === id && origin.place.startsWith(`${place}:`),
        );
        const [inRows, tests] = [
          own.filter(({ text }) => text.includes(`"${id}"`)),
          own.filter(({ text }) => !text.includes(`"${id}"`)),
        ];
        expect({ id, rows: inRows.length > 0, tests: tests.length > 0 }).toEqual({
          id,
          rows: true,
          tests: true,
        });
      }
      // Between two rules stands what is of neither: each piece is one list, object or call, and ends as such.
      for (const { origin, text } of pieces)
        if (origin) expect(text).toMatch(/^(\[|\{|if\(|n=|try\{|\w+\()[^]*[\]});]$/);
    },
  );

  it('has neither the place nor the content of the directory in it', async () => {
    const files = {
      'a.yaml': 'max_steps: 5',
      'sub/b.yaml': 'rules:\n  - rule: secret_word\n    pattern: { operation: contains, value: hush }',
    };
    const text = (await compileMemory(files)).module.sourceMap();
    expect(JSON.parse(text)).toMatchObject({ sources: ['a.yaml', 'sub/b.yaml'] });
    expect(text).not.toContain('hush');
    expect(text).not.toContain(process.cwd());
  });

  it('has the same bytes each time', async () => {
    const files = { 'a.yaml': 'max_steps: 5\ndeny_tokens_regex: [abc]' };
    const [first, second] = [await compileMemory(files), await compileMemory(files)];
    expect(first.module.sourceMap()).toBe(second.module.sourceMap());
  });
});
