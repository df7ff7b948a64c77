/** Plans decided from their bytes: the same answers, and ordinary plans without an object being made of them. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openBytes } from '../../runtime/bytes.ts';
import type { Policy } from '../../runtime/evaluate.ts';
import { bundleOf, compileMemory } from '../support/decide.ts';
import { disagreement } from './agree.ts';

const POLICY = `
allow_tools: [pay.*, db.query]
bounds: { pay.send.amount: [0.01, 1000] }
deny_tokens_regex: ["AKIA[0-9A-Z]{16}", "ghp_[A-Za-z0-9]{36}", "[0-9]{3}-[0-9]{2}-[0-9]{4}"]
max_steps: 20
policies:
- name: p
  rules:
  - { rule: no_mallory, pattern: { tool: pay.send, arg: to, operation: in, value: [Mallory, Eve] } }
  - { rule: no_drop, pattern: { tool: pay.send, arg: note, operation: contains, value: '; drop' } }
  - { rule: no_ddl, pattern: { tool: db.query, arg: sql, operation: matches, value: '^(?:DROP|DELETE) ' } }
  - { rule: one_refund, max_calls: { tool: pay.refund, limit: 1 } }
`;

const compiled = await compileMemory({ 'p.yaml': POLICY }, [], ['bytes']);
const policy: Policy = (await bundleOf(compiled)).policy();
const NOW = { now: Date.parse('2026-06-01T00:00:00Z') };
const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const plan = (...steps: object[]): string => JSON.stringify({ goal: 'x', steps });
const send = (args: object, more: object = {}): object => ({ id: 's1', tool: 'pay.send', args, ...more });

/** Why a text is not decided by its bytes; `scanned`: it is. And that both ways agree. */
async function causeOf(text: Uint8Array): Promise<string> {
  const bytes = await openBytes(policy);
  expect(disagreement({ policy, bytes }, text, NOW)).toBeNull();
  const counts = Object.entries(bytes.counts ?? {}).filter(([, count]) => count > 0);
  return counts.map(([cause]) => cause).join();
}

describe('decided by its bytes alone', () => {
  it.each([
    ['numbers and texts that no rule minds', plan(send({ amount: 5, to: 'Bob', note: 'thanks' }))],
    ['numbers at the ends of a bound', plan(send({ amount: 0.01 }), { ...send({ amount: 1000 }), id: 's2' })],
    [
      'nested arguments',
      plan({ id: 'a', tool: 'pay.list', args: { by: { day: [1, null, 'x', { y: true }] } } }),
    ],
    [
      'parameters, and members in another order',
      '{"steps":[{"parameters":{"sql":"SELECT 1"},"tool":"db.query","id":"q"}]}',
    ],
    [
      'steps that depend on earlier ones',
      plan(send({ amount: 1 }), {
        id: 'b',
        tool: 'pay.list',
        args: {},
        depends_on: ['s1'],
        on_fail: 'abort',
      }),
    ],
    [
      'references to earlier steps',
      plan(send({ amount: 1 }), {
        id: 'b',
        tool: 'pay.list',
        args: { from: '${s1.result.id}', of: ['{{ s1.result }}'] },
      }),
    ],
    [
      'escapes',
      '{"steps":[{"id":"s1","tool":"pay.send","args":{"amount":5,"note":"\\u0074wo\\nlines \\"quoted\\" \\ud83d\\ude00"}}]}',
    ],
    [
      'German, Chinese, Greek',
      plan(send({ amount: 1, to: 'Jürgen Groß', note: '你好，世界。' }), {
        id: 'g',
        tool: 'db.query',
        args: { sql: 'Καλημέρα κόσμε' },
      }),
    ],
    ['a byte order mark and blanks', `\ufeff \n${plan(send({ amount: 1 }))}\r\n`],
    ['a token that only begins so', plan(send({ amount: 1, note: 'AKIA and 12-34' }))],
    [
      'numbers with many digits and with exponents',
      '{"steps":[{"id":"s","tool":"pay.send","args":{"amount":0.12345678901234567890}},{"id":"t","tool":"pay.send","args":{"amount":1e2}}]}',
    ],
    [
      'further members that mislead nobody',
      plan(send({ amount: 1 }, { description: 'pays', meta: { a: ['${x}'.slice(1)] } })),
    ],
  ])('%s', async (_, text) => {
    expect(await causeOf(bytesOf(text))).toBe('scanned');
  });
});

describe('read in part or as a whole, with the same answer', () => {
  it.each([
    ['steps', 'a bound', plan(send({ amount: 1000.01 }))],
    ['steps', 'a text in a list, in another case', plan(send({ amount: 1, to: 'MALLORY' }))],
    [
      'steps',
      'a text in a list, in letters that look alike',
      plan(send({ amount: 1, to: 'M\u0430ll\u043ery' })),
    ],
    [
      'steps',
      'a text in a list, with an escape',
      '{"steps":[{"id":"s","tool":"pay.send","args":{"amount":1,"to":"\\u004dallory"}}]}',
    ],
    ['steps', 'a text in a list, between blanks', plan(send({ amount: 1, to: ' mallory\t' }))],
    ['steps', 'what is contained', plan(send({ amount: 1, note: 'x; DROP y' }))],
    [
      'steps',
      'a token in a nested name',
      plan({ id: 'a', tool: 'pay.list', args: { x: { AKIA2E0A8F3B244C9986: 1 } } }),
    ],
    ['steps', 'a token of digits', plan(send({ amount: 1, note: 'ssn 123-45-6789' }))],
    ['steps', 'an argument that is missing', plan(send({ to: 'Bob' }))],
    ['steps', 'a tool that is not allowed', plan({ id: 'a', tool: 'zz', args: {} })],
    ['plan', 'a rule about the plan as a whole', plan({ id: 'a', tool: 'pay.refund', args: {} })],
    [
      'plan',
      'too many steps',
      plan(...Array.from({ length: 21 }, (_, i) => ({ id: `s${i}`, tool: 'pay.list', args: {} }))),
    ],
    [
      'steps',
      'a reference where a rule looks',
      plan({ id: 'a', tool: 'pay.list', args: {} }, send({ amount: '${a.result.x}' })),
    ],
    ['reference', 'a reference to no step', plan({ id: 'a', tool: 'pay.list', args: { x: '${b.result}' } })],
    [
      'order',
      'a later step',
      plan(
        { id: 'a', tool: 'pay.list', args: {}, depends_on: ['b'] },
        { id: 'b', tool: 'pay.list', args: {} },
      ),
    ],
    [
      'shape',
      'an id twice',
      plan({ id: 'a', tool: 'pay.list', args: {} }, { id: 'a', tool: 'pay.list', args: {} }),
    ],
    ['name', 'a member twice', '{"steps":[{"id":"a","tool":"pay.list","args":{"x":1,"\\u0078":2}}]}'],
    [
      'number',
      'an integer that no double holds',
      '{"steps":[{"id":"a","tool":"pay.list","args":{"x":9007199254740993}}]}',
    ],
    ['number', 'a number beyond all', '{"steps":[{"id":"a","tool":"pay.list","args":{"x":1e400}}]}'],
    ['text', 'half a surrogate pair', '{"steps":[{"id":"a","tool":"pay.list","args":{"x":"\\ud800"}}]}'],
    ['shape', 'another reader would take it', plan({ id: 'a', tool: 'pay.list', args: {}, toolName: 'x' })],
    ['shape', 'no JSON', '{"steps":[}'],
    ['limit', 'nested deeper than any plan', `{"steps":[],"meta":${'['.repeat(70)}${']'.repeat(70)}}`],
  ])('%s: %s', async (cause, _, text) => {
    expect(await causeOf(bytesOf(text))).toBe(cause);
  });

  it('not UTF-8', async () => {
    expect(await causeOf(Uint8Array.from([...bytesOf('{"steps":[],"goal":"'), 0xff, 0x22, 0x7d]))).toBe(
      'shape',
    );
  });
});

it('a policy whose bundle has no scanner decides the same', async () => {
  const plain = (await bundleOf(await compileMemory({ 'p.yaml': POLICY }))).policy();
  const bytes = await openBytes(plain);
  expect(bytes.counts).toBeNull();
  for (const text of [plan(send({ amount: 1 })), plan(send({ amount: 5000 })), '{'])
    expect(disagreement({ policy: plain, bytes }, bytesOf(text), NOW)).toBeNull();
});

it('what every object inherits is found, as on the way over objects', async () => {
  const bytes = await openBytes(policy);
  const polluted = Object.prototype as { planted?: number };
  polluted.planted = 1;
  try {
    expect(bytes.decideText(bytesOf(plan(send({ amount: 1 }))), NOW).violations[0]?.rule).toBe(
      'runtime.polluted',
    );
  } finally {
    delete polluted.planted;
  }
});

it('more tools than there is room for are forgotten, not confused', async () => {
  const bytes = await openBytes(policy);
  for (let i = 0; i < 6000; i += 1) {
    const text = bytesOf(
      plan({ id: 'a', tool: `pay.t${i}`, args: {} }, send({ amount: i % 2 === 0 ? 1 : 5000 })),
    );
    expect(bytes.decideText(text, NOW).valid).toBe(i % 2 === 0);
  }
  expect(bytes.counts?.['scanned']).toBeGreaterThan(2990);
});

it('the scanner has at most 10 KB, gzipped, and a module without the capability none of it', async () => {
  const without = await compileMemory({ 'p.yaml': POLICY });
  const sizeOf = (text: string): number => gzipSync(text, { level: 9 }).length;
  const [more, less] = [compiled.module.code, without.module.code].map(sizeOf) as [number, number];
  expect(more - less).toBeLessThan(10_240);
  expect(without.module.code).not.toContain('AGFzbQ');
  const [, scanner = ''] = /'([^']+)'/.exec(readFileSync('dist/byte-scanner.js', 'utf8')) ?? [];
  expect(sizeOf(scanner)).toBeLessThan(10_240);
});
