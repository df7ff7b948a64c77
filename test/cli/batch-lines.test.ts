/** How `validate-batch` cuts files into blocks and plans, and how it writes what it has decided. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Part } from '../../plans/each-plan.ts';
import { eachPlan } from '../../plans/each-plan.ts';
import type { PlanRecord } from '../../decisions/record.ts';
import { unreadable } from '../../decisions/record.ts';
import { splitLines } from '../../plans/split.ts';
import { BATCH_FORMATS } from '../../cli/batch/formats.ts';
import type { BatchFormat } from '../../decisions/format.ts';
import { inOrder } from '../../workers/threads.ts';

/** Plans of some lines, each with its line, and its text or its bytes. */
function plansOf(parts: readonly Omit<Part, 'file' | 'kind'>[]): readonly (readonly [number, string])[] {
  const found: (readonly [number, string])[] = [];
  for (const part of parts) {
    eachPlan({ file: 'f', kind: 'lines', ...part }, ({ line }, ordinal, written) => {
      const own = Buffer.from(written);
      expect(ordinal).toBe((line ?? 0) - 1);
      found.push([line ?? 0, own.toString('latin1')]);
    });
  }
  return found;
}

async function cut(chunks: readonly Uint8Array[]): Promise<Omit<Part, 'file' | 'kind'>[]> {
  const parts: Omit<Part, 'file' | 'kind'>[] = [];
  for await (const { line, bytes, ...rest } of splitLines(
    (async function* () {
      for (const chunk of chunks) {
        yield chunk;
        // The memory of a chunk may be read into again once the next one is asked for.
        chunk.fill(0x58);
        await Promise.resolve();
      }
    })(),
  )) {
    parts.push({ at: line, bytes: Uint8Array.from(bytes), ...rest });
  }
  return parts;
}

const line = fc.oneof(
  fc.constantFrom('', ' ', '\r', '\u00a0', '{"a":1}', '{"é":"😀"}', 'x'.repeat(70_000), 'é'.repeat(40_000)),
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll('\n', '')),
);

describe('lines', () => {
  it('are the same, wherever chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 8 }),
        async (lines, ended, places) => {
          const all = Buffer.from(lines.join('\n') + (ended ? '\n' : ''));
          const cuts = [...places.map((place) => place % (all.length + 1)), 0, all.length].sort(
            (a, b) => a - b,
          );
          const chunks = cuts.slice(1).map((end, i) => Uint8Array.from(all.subarray(cuts[i], end)));
          const expected = lines.flatMap((text, i) =>
            text.trim() === '' ? [] : [[i + 1, Buffer.from(text).toString('latin1')]],
          );
          expect(plansOf(await cut(chunks))).toEqual(expected);
        },
      ),
    );
  });

  it('that are not UTF-8 leave the others as they are', () => {
    const bytes = Buffer.concat([
      Buffer.from(`${'{"a":1}\n'.repeat(20_000)}  \n{"é":1}\n`),
      Buffer.from([0x22, 0xff, 0x0a]),
      Buffer.from(' \r\n{"é":2}'),
    ]);
    const found = plansOf([{ at: 5, bytes }]);
    expect(found).toHaveLength(20_003);
    expect(found.slice(-3)).toEqual([
      [20_006, Buffer.from('{"é":1}').toString('latin1')],
      [20_007, '"\xff'],
      [20_009, Buffer.from('{"é":2}').toString('latin1')],
    ]);
  });

  it('may have a mark of byte order at the start of the file, and nowhere else', () => {
    const marked = Buffer.from('\ufeff{"a":1}\n\ufeff{"a":2}\n');
    const plain = (text: string): string => Buffer.from(text).toString('latin1');
    expect(plansOf([{ at: 1, bytes: marked }])).toEqual([
      [1, '{"a":1}'],
      [2, plain('\ufeff{"a":2}')],
    ]);
    expect(plansOf([{ at: 2, bytes: marked }])[0]).toEqual([2, plain('\ufeff{"a":1}')]);
  });
});

describe('reports of plans that were just decided', () => {
  const text = fc.oneof(
    fc.constantFrom('a', 'a"\\', '\ud800', '😀', '\u2028'),
    fc.string({ unit: 'binary' }),
  );
  const origin = fc.record({ file: text, line: fc.nat(9), column: fc.nat(9) });
  // Few rules, so that one comes again with all else about it the same, and otherwise.
  const violation = fc.record({
    rule: fc.constantFrom('r', 'r"1'),
    policy: fc.constantFrom('p', '"'),
    message: text,
    severity: fc.constantFrom('low', 'critical'),
    enforcement: fc.constantFrom('warn', 'deny'),
    category: text,
    step_index: fc.option(fc.nat(9)),
    step_id: fc.option(text),
    arg_path: text,
    origin: fc.option(origin),
    waiver: fc.option(text),
  });
  const bundle = fc.record({ name: text, version: text, sequence: fc.nat(), digest: text });
  const record = fc
    .record({
      plan_id: fc.option(text),
      file: fc.constantFrom('a.jsonl', 'é"\\', '\ud83d'),
      place: fc.oneof(fc.record({ line: fc.nat() }), fc.record({ index: fc.nat() }), fc.constant({})),
      is_valid: fc.boolean(),
      status: fc.constantFrom('pass', 'deny'),
      risk_score: fc.constantFrom(0, 0.35, 1),
      violations: fc.array(violation, { maxLength: 2 }),
      entry: fc.option(fc.constantFrom('e', '"')),
      bundle: fc.option(bundle),
      known: fc.option(fc.record({ known: fc.nat() }), { nil: {} }),
    })
    .map(({ plan_id, file, place, known, ...rest }) => ({ plan_id, file, ...place, ...rest, ...known }));

  for (const name of ['json', 'jsonl'] as const) {
    it(`say in ${name} what every report says`, () => {
      const format: BatchFormat = BATCH_FORMATS[name];
      const options = { root: '', colour: false, about: { at: '2026-06-01T00:00:00.000Z', context: {} } };
      fc.assert(
        fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), (made) => {
          const item = format.decided?.() ?? (() => '');
          const records = [
            ...(made as readonly PlanRecord[]),
            unreadable({ file: 'f', line: 1 }, { code: 'plan.unreadable', message: 'why' }, null),
          ];
          for (const each of records.flatMap((one) => [one, one]))
            expect(item(each, options)).toBe(format.item(each, options));
        }),
      );
    });
  }
});

describe('answers', () => {
  it('come in order, of the thread that asks too, and a failure with its question', async () => {
    let free = 0;
    const waiting: (() => void)[] = [];
    const threads = {
      jobs: 2,
      hand: (question: number) => {
        if (question % 3 === 1) return undefined;
        free += 1;
        return new Promise<string>((resolve) => waiting.push(() => resolve(`handed ${question}`)));
      },
      here: (question: number) =>
        question === 7 ? Promise.reject(new Error('seven')) : Promise.resolve(`here ${question}`),
      close: () => Promise.resolve(),
    };
    const heard: string[] = [];
    const run = (async () => {
      for await (const [question, answer] of inOrder([0, 1, 2, 3, 4, 5, 6, 7], threads))
        heard.push(`${question} ${answer}`);
    })();
    const failure = expect(run).rejects.toThrow('seven');
    while (free < 5) await new Promise((turn) => setImmediate(turn));
    for (const answer of waiting.reverse()) answer();
    await failure;
    const ways = ['handed', 'here', 'handed', 'handed', 'here', 'handed', 'handed'];
    expect(heard).toEqual(ways.map((way, i) => `${i} ${way} ${i}`));
  });
});
