import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dump } from 'js-yaml';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';
import { parseYaml } from '../../compiler/1-parse/yaml.ts';
import { offsetsOf } from '../../compiler/ir/place.ts';

/** One policy text in every style that YAML has. */
const STYLES: Readonly<Record<string, string>> = {
  plain: 'when: step.args.a > 1\n    && step.args.b == 2\n',
  single: "when: 'step.args.a == ''x'' && b'\n",
  double: 'when: "step.args.a == \\"x\\" \\u0026& \\x62 \\U0001F600!"\n',
  literal: 'when: |\n    step.args.a > 1\n      && step.args.b == 2\n\n    && c\n',
  folded: 'when: >-\n  step.args.a > 1\n  && step.args.b == 2\n\n  && c\n    && more\n  && d\n',
};

const valueOf = (text: string): { value: string; written: string } => {
  const tree = parseYaml({ path: 'a.yaml', text }, new Diagnostics());
  const node = tree?.kind === 'mapping' ? tree.entries[0]?.value : undefined;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') throw new Error(`no text in ${text}`);
  return { value: node.value, written: text.slice(node.span.start, node.span.end) };
};

/** Each character but white space stands where it is said to, or an escape does. */
function holds(text: string): void {
  const { value, written } = valueOf(text);
  const offsets = offsetsOf(value, written);
  expect(offsets, text).not.toBeNull();
  for (const [index, character] of [...value].entries()) {
    if (/\s/.test(character) || value.length !== [...value].length) continue;
    const shown = written[offsets?.[index] ?? -1];
    if (shown !== '\\' || character === '\\') expect(shown, `${index} of ${text}`).toBe(character);
  }
  const rising = offsets?.every((offset, index) => index === 0 || offset >= (offsets[index - 1] ?? 0));
  expect(rising, text).toBe(true);
}

it.each(Object.entries(STYLES))('a part of a text is found where it is written: %s', (_, text) =>
  holds(text),
);

it('a part of a text is found however a writer of YAML has laid it out', () => {
  const word = fc.constantFrom(
    'a',
    '&&',
    '"x"',
    "'y'",
    '\\n',
    '\\',
    '\n',
    '\n\n',
    '  ',
    ' ',
    'é',
    '😀',
    ': ',
    '#',
    '\t',
    '> 1',
    'step.args',
  );
  const layout = fc.record({
    lineWidth: fc.constantFrom(20, -1),
    quotingType: fc.constantFrom('"' as const, "'" as const),
    forceQuotes: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), layout, (words, options) => {
      const text = `a${words.join('')}z`;
      holds(dump({ when: text }, options));
    }),
    { numRuns: 150 },
  );
});
