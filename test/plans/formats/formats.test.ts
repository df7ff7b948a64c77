import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS, importPlan } from '../../../plans/formats/index.ts';
import type { ImportedStep } from '../../../plans/formats/index.ts';
import { bundleFrom } from '../../support/decide.ts';
import { NOW } from '../../support/signing.ts';
import { GROUPED, NAMELESS, SINGLE } from './encode.ts';
import type { Call } from './encode.ts';

const cases = join(import.meta.dirname, '../../../../shared/cases/formats');

function stepsOf(text: string, name = 'auto'): readonly ImportedStep[] {
  const read = importPlan(text, name);
  if (!read.ok) throw new Error(`${read.problem.code}: ${read.problem.message}`);
  return (read.imported.plan as { readonly steps: readonly ImportedStep[] }).steps;
}

const problemOf = (text: string, name = 'auto'): string => {
  const read = importPlan(text, name);
  return read.ok ? `read as ${read.format}` : read.problem.code;
};

describe.skipIf(!existsSync(cases))(
  'the files of others (../shared/cases/formats, absent where skipped)',
  () => {
    const expected = existsSync(cases)
      ? (JSON.parse(readFileSync(join(cases, 'expected.json'), 'utf8')) as Record<
          string,
          { readonly calls?: readonly (readonly [string, object])[]; readonly texts?: boolean }
        >)
      : {};
    it.each(Object.keys(expected).filter((name) => name !== 'about'))('%s', (name) => {
      const text = readFileSync(join(cases, name), 'utf8');
      const { calls, texts } = expected[name] ?? {};
      if (texts) expect(problemOf(text)).toBe('format.prose');
      else expect(stepsOf(text).map(({ tool, args }) => [tool, args])).toEqual(calls);
    });
  },
);

const args = fc.dictionary(
  fc.constantFrom('amount', 'to', 'note'),
  fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.array(fc.boolean(), { maxLength: 2 })),
  { maxKeys: 3 },
);
const groups = fc
  .array(
    fc.array(fc.record({ tool: fc.constantFrom('pay.send', 'db_query', 'mail'), args }), {
      minLength: 1,
      maxLength: 3,
    }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((all) => {
    let n = 0;
    return all.map((group) => group.map((call): Call => ({ id: `id_${(n += 1)}`, ...call })));
  });

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('what is written in a format is read from it, call by call', () => {
  it.each(Object.entries({ ...GROUPED, ...SINGLE, ...NAMELESS }))('%s', (name, encode) => {
    fc.assert(
      fc.property(groups, (all) => {
        const text = JSON.stringify(encode(all));
        const read = importPlan(text, 'auto');
        expect(read).toMatchObject({ ok: true, format: name });
        const steps = stepsOf(text);
        expect(steps.map(({ tool, args: own }) => [tool, own])).toEqual(
          plain(all.flat().map((call) => [call.tool, call.args])),
        );
        if (!Object.hasOwn(NAMELESS, name))
          expect(steps.map(({ id }) => id)).toEqual(all.flat().map(({ id }) => id));
        const before = new Map<string, readonly string[]>();
        all.forEach((group, i) => {
          for (const { id } of group)
            before.set(
              id,
              (all[i - 1] ?? []).map((call) => call.id),
            );
        });
        if (Object.hasOwn(GROUPED, name))
          expect(steps.map(({ depends_on }) => depends_on ?? [])).toEqual(
            all.flat().map(({ id }) => before.get(id)),
          );
      }),
      { numRuns: 40, seed: 11 },
    );
  });
});

/** Puts something else in the place of a random part. */
function broken(value: unknown, path: readonly number[], other: unknown): unknown {
  const [at, ...more] = path;
  if (at === undefined || typeof value !== 'object' || value === null) return other;
  if (Array.isArray(value)) {
    if (value.length === 0) return other;
    const n = at % value.length;
    return value.map((each, i) => (i === n ? broken(each, more, other) : (each as unknown)));
  }
  const names = Object.keys(value);
  const name = names[at % Math.max(1, names.length)];
  if (name === undefined) return other;
  return { ...value, [name]: broken((value as Record<string, unknown>)[name], more, other) };
}

it('what is broken is refused or read: nothing is thrown, and no call is made up', () => {
  const encoders = Object.entries({ ...GROUPED, ...SINGLE, ...NAMELESS });
  fc.assert(
    fc.property(
      fc.constantFrom(...encoders),
      groups,
      fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 7 }),
      fc.constantFrom<unknown>(null, 7, 'text', [], {}, [{}], { type: 'tool_use' }, { functionCall: {} }),
      ([name, encode], all, path, other) => {
        const text = JSON.stringify(broken(encode(all), path, other));
        const read = importPlan(text, name);
        if (!read.ok) return;
        const { steps } = read.imported.plan as { readonly steps: readonly ImportedStep[] };
        const known = all.flat().map(({ tool }) => tool);
        for (const { tool } of steps)
          expect([...known, 'text', 'tool.text', 'text.tools/call']).toContain(tool);
        expect(steps.length).toBeLessThanOrEqual(known.length);
      },
    ),
    { numRuns: 3_000, seed: 12 },
  );
});

describe('an import', () => {
  const chat = (call: object): string => JSON.stringify({ role: 'assistant', tool_calls: [call] });

  it('refuses what it does not understand, and says where', () => {
    const read = importPlan(
      JSON.stringify({
        messages: [
          { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'pay', arguments: '{"n":' } }] },
        ],
      }),
      'auto',
    );
    expect(read).toMatchObject({ ok: false, problem: { code: 'format.broken' } });
    expect(read.ok ? '' : read.problem.message).toContain('(`messages[0].tool_calls[0]`)');
    expect(problemOf(chat({ id: 'a', function: { name: 'pay', arguments: '{"n":1,"n":2}' } }))).toBe(
      'format.broken',
    );
    expect(problemOf(chat({ id: 'a', function: { name: 'pay', arguments: '[1]' } }))).toBe('format.broken');
    expect(problemOf(chat({ id: 'a', function: { arguments: '{}' } }))).toBe('format.broken');
    // A list that is none might hide a call.
    const hidden = {
      messages: [
        { tool_calls: [{ function: { name: 'pay', arguments: '{}' } }] },
        { tool_calls: { 0: 'pay' } },
      ],
    };
    expect(problemOf(JSON.stringify(hidden))).toBe('format.broken');
  });

  it('takes a format only where it alone is seen', () => {
    const both = [
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'pay', input: {} }] },
      { role: 'model', parts: [{ functionCall: { name: 'pay', args: {} } }] },
    ];
    expect(problemOf(JSON.stringify(both))).toBe('format.ambiguous');
    expect(problemOf(JSON.stringify(both), 'mcp')).toBe('format.not_this');
    expect(problemOf('{"steps":["look it up","pay"]}')).toBe('format.prose');
    expect(problemOf('{"hello":1}')).toBe('format.unknown');
    expect(problemOf('{"a":1')).toBe('format.unreadable');
    expect(problemOf('{}', 'no-such')).toBe('format.unknown');
  });

  it('reads a value a line, and gives calls of one id ids of their own', () => {
    const line = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'pay', arguments: { n: 1 } },
    });
    const result = JSON.stringify({ jsonrpc: '2.0', id: 1, result: {} });
    const read = importPlan(`${line}\n${result}\n${line}\n`, 'auto');
    expect(read).toMatchObject({
      ok: true,
      imported: {
        plan: { steps: [{ id: 'call_1' }, { id: 'call_2', depends_on: ['call_1'] }] },
        places: ['[0].params', '[2].params'],
        notes: ['not in the plan: 1 result', '2 calls have another id in the plan'],
      },
    });
  });

  it('says of a trace that a text in it reads like a reference', () => {
    const read = importPlan(chat({ id: 'a', function: { name: 'pay', arguments: '{"to":"${x}"}' } }), 'auto');
    expect(read.ok && read.imported.notes.join()).toMatch(
      /1 call holds a text that a plan takes for a reference/,
    );
  });

  it('makes references of the connections and expressions of a workflow', () => {
    const workflow = {
      name: 'invoices',
      nodes: [
        { name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} },
        {
          name: 'Read',
          type: 'n8n-nodes-base.postgres',
          parameters: { query: 'select 1' },
          continueOnFail: true,
        },
        {
          name: 'Send it',
          type: 'n8n-nodes-base.gmail',
          parameters: { to: '={{ $json.mail }}', text: '={{ $now }}' },
        },
        {
          name: 'Log',
          type: 'n8n-nodes-base.httpRequest',
          parameters: { id: '={{ $node["Send it"].json.id }}' },
        },
      ],
      connections: {
        Start: { main: [[{ node: 'Read', type: 'main', index: 0 }]] },
        Read: { main: [[{ node: 'Send it', type: 'main', index: 0 }]] },
        'Send it': { main: [[{ node: 'Log', type: 'main', index: 0 }]] },
      },
    };
    expect(stepsOf(JSON.stringify(workflow))).toEqual([
      { id: 's1', tool: 'n8n-nodes-base.postgres', args: { query: 'select 1' }, on_fail: 'continue' },
      {
        id: 's2',
        tool: 'n8n-nodes-base.gmail',
        args: { to: '${s1.result.mail}', text: '={{ $now }}' },
        depends_on: ['s1'],
      },
      { id: 's3', tool: 'n8n-nodes-base.httpRequest', args: { id: '${s2.result.id}' }, depends_on: ['s2'] },
    ]);
  });

  it('is held to the policy: the same call is denied in every format', async () => {
    const policy = (await bundleFrom({ 'p.yaml': 'bounds: { pay.send.amount: [0, 10] }\n' })).policy();
    const call = [[{ id: 'a', tool: 'pay.send', args: { amount: 11 } }]];
    for (const [name, encode] of Object.entries({ ...GROUPED, ...SINGLE, ...NAMELESS })) {
      const read = importPlan(JSON.stringify(encode(call)), name);
      const decision = policy.evaluate(read.ok ? read.imported.plan : null, { now: NOW });
      expect([name, decision.violations.map(({ rule }) => rule)]).toEqual([
        name,
        ['bounds["pay.send.amount"]'],
      ]);
    }
  });

  it('has a name of its own for each format', () => {
    expect(new Set(FORMATS.map(({ name }) => name)).size).toBe(FORMATS.length);
  });
});
