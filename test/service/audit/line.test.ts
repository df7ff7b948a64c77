/** Lines that hostile plans would like to write, and what masks let through. */
import { describe, expect, it } from 'vitest';
import { EMPTY_LOG, lineAfter, readLine } from '../../../service/audit/line.ts';
import { compileMask, masked } from '../../../service/audit/mask.ts';
import { decision, violation } from './log.ts';

const options = {
  includesArgs: true,
  mask: compileMask(['args.card.number', '**.password']),
  maxLineBytes: 4096,
};
const line = (more: object) => lineAfter(EMPTY_LOG, decision('d', more), 0, options).text;

it('is one line for every reader, and steers no terminal', () => {
  const text = line({ plan_id: 'a\nb\r\u0085\u2028\u2029\u009b31m\u202e\ufeff' });
  expect(text.slice(0, -1)).toMatch(/^[\x20-\x7e]*$/);
  expect(readLine(text.slice(0, -1))?.plan_id).toBe('a\nb\r\u0085\u2028\u2029\u009b31m\u202e\ufeff');
});

it('a line that this log would not write is none of it', () => {
  const text = line({}).slice(0, -1);
  expect(readLine(text)).not.toBeNull();
  expect(
    readLine(text.replace('"action":"validate_plan"', '"action":"auth_denied","action":"validate_plan"')),
  ).toBeNull();
  expect(readLine(text.replace('"action"', '"\\u0061ction"'))).toBeNull();
  expect(readLine(text.replace('"seq":1', '"seq": 1'))).toBeNull();
  expect(readLine('[]')).toBeNull();
});

it('what is too long is shortened, and says so; the count stays', () => {
  const violations = Array.from({ length: 100 }, (_, i) => violation(`rule ${i}`, 'x'.repeat(200)));
  const text = line({
    args: [{ id: 's', args: { text: 'y'.repeat(5000) } }],
    result: { is_valid: false, violation_count: 100, violations },
  });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
  const event = readLine(text.slice(0, -1));
  expect(event?.dropped).toEqual(['args']);
  expect(event?.result?.violation_count).toBe(100);
  expect((event?.result?.violations.length ?? 0) + (event?.result?.violations_omitted ?? 0)).toBe(100);
});

describe('arguments', () => {
  it('are not written where nobody asks for them', () => {
    const without = { ...options, includesArgs: false };
    expect(
      lineAfter(EMPTY_LOG, decision('d', { args: [{ secret: 'hunter2' }] }), 0, without).text,
    ).not.toContain('hunter2');
  });

  it('that cannot be masked or written are dropped; the line is not', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    for (const args of [
      circle,
      { big: 1n },
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ]) {
      expect(readLine(line({ args }).slice(0, -1))).toMatchObject({ decision_id: 'd', dropped: ['args'] });
    }
  });
});

describe('masks', () => {
  const of = (paths: readonly string[], value: unknown): unknown => masked(value, compileMask(paths));

  it.each([
    [
      ['args.card.number'],
      { args: { card: { number: '4111', name: 'A' } } },
      { args: { card: { number: '[masked]', name: 'A' } } },
    ],
    [
      ['args.card.number'],
      [{ args: { card: [{ number: '4111' }] } }],
      [{ args: { card: [{ number: '[masked]' }] } }],
    ],
    // Another shape than the path expects is no way around it.
    [['args.card.number'], { args: { card: '4111' } }, { args: { card: '[masked]' } }],
    [['args.card.number'], { args: '4111' }, { args: '[masked]' }],
    [['args.card'], { args: { card: { number: '4111' } } }, { args: { card: '[masked]' } }],
    [
      ['**.password'],
      { a: { b: [{ password: { x: 1 } }], c: 'kept' } },
      { a: { b: [{ password: '[masked]' }], c: 'kept' } },
    ],
    [['args.*.token'], { args: { a: { token: 't', b: 1 } } }, { args: { a: { token: '[masked]', b: 1 } } }],
    [['args.**'], { args: { a: 1 }, id: 's' }, { args: '[masked]', id: 's' }],
  ])('%j', (paths, value, expected) => {
    expect(of(paths, value)).toEqual(expected);
  });

  it('a member called __proto__ is masked like any other', () => {
    const value = JSON.parse('{"__proto__":{"password":"hunter2"}}') as unknown;
    expect(JSON.stringify(of(['**.password'], value))).toBe('{"__proto__":{"password":"[masked]"}}');
  });

  it('a path that says nothing is refused', () => {
    expect(() => compileMask(['args..x'])).toThrow('no path');
  });
});
