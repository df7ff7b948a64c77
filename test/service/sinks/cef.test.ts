/** Events that hostile plans and policies would like to write, read by a reader written from the standard. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_LOG, lineAfter, readLine, type WrittenEvent } from '../../../service/audit/line.ts';
import { cefOfDecision } from '../../../service/sinks/cef.ts';
import { datagram, MAX_DATAGRAM, octetCounted, rfc5424 } from '../../../service/sinks/syslog.ts';
import { decision, violation } from '../audit/log.ts';
import { readCef } from './cef-reader.ts';

interface Asked {
  readonly plan?: string;
  readonly step?: string | null;
  readonly rule?: string;
  readonly message?: string;
  readonly user?: string;
}

/** As it comes out of the log. */
function written({
  plan = 'p1',
  step = 's1',
  rule = 'limit',
  message = 'too much',
  user = 'agent',
}: Asked): WrittenEvent {
  const violations = [{ ...violation(rule, message), step_id: step }];
  const event = decision('d1', {
    plan_id: plan,
    user,
    status: 'deny',
    bundle: 'sha256:ab',
    result: { is_valid: false, violation_count: 1, violations },
  });
  const options = { includesArgs: false, mask: [], maxLineBytes: 1 << 20 };
  const line = readLine(
    lineAfter(EMPTY_LOG, event, Date.parse('2026-06-01T00:00:00Z'), options).text.slice(0, -1),
  );
  if (!line) throw new Error('no line');
  return line;
}
const cef = (asked: Asked): string => cefOfDecision(written(asked))[0] ?? '';

it('is the source document’s, then ours', () => {
  expect(cef({})).toBe(
    'CEF:0|PlanLint|Validator|1.0|limit|too much|8|planId=p1 stepId=s1 externalId=d1 suser=agent cs2Label=bundle cs2=sha256:ab rt=1780272000000 act=deny cs1Label=policy cs1=finance cn1Label=violation cn1=1',
  );
  expect(cefOfDecision(written({}), 'word')[0]).toContain('|high|');
});

describe('hostile text', () => {
  const hostile = 'a|b=c\\d \\| x=1 msg=gone';

  it('comes back as it was, in header and extension', () => {
    const { header, extension } = readCef(cef({ rule: hostile, message: hostile, user: hostile }));
    expect(header.slice(3, 5)).toEqual([hostile, hostile]);
    // A blank and a key within a value cannot be told from the next pair (the standard has no escape for it), but for its `=`.
    expect(extension['suser']).toBe(hostile);
  });

  it('line ends are blanks in the header; controls go', () => {
    const { header } = readCef(cef({ message: 'one\r\ntwo\u2028three\u0000\u001b[31m\u202efour' }));
    expect(header[4]).toBe('one two three[31mfour');
  });

  it('ids that need an escape go as digests, with the text in msg', () => {
    const { extension } = readCef(cef({ plan: 'a=b', step: 'x y' }));
    expect(extension['planId']).toMatch(/^sha256:[0-9a-f]{32}$/);
    expect(extension['msg']).toBe('planId: a=b\nstepId: x y');
  });

  it('fields are capped, between characters', () => {
    const { header } = readCef(cef({ message: '😀'.repeat(40_000) }));
    expect([...(header[4] ?? '')]).toHaveLength(512);
    expect(
      Buffer.byteLength(
        cef({ rule: 'r'.repeat(65_536), message: 'm'.repeat(65_536), user: 'u'.repeat(65_536) }),
      ),
    ).toBeLessThan(4_096);
  });

  it('no text makes a second event, a second key or a broken one', () => {
    const text = fc.string({
      unit: fc.constantFrom('|', '=', '\\', '\n', '\r', '\u2028', 'a', ' ', 'x=', '\ud800', '😀', '\0'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, text, text, text, (rule, message, user, plan) => {
        const line = cef({ rule, message, user, plan });
        expect(line).not.toMatch(/[\r\n\u2028\u2029]/);
        const { header, extension } = readCef(line);
        expect(header).toHaveLength(6);
        const onOneLine = (value: string): string =>
          value
            .toWellFormed()
            .replace(/\r\n|[\n\r\u2028\u2029]/g, ' ')
            .replaceAll('\0', '');
        expect(header[3]).toBe(onOneLine(rule));
        expect(header[4]).toBe(onOneLine(message));
        expect(
          Object.keys(extension).filter(
            (key) => !/^(planId|stepId|externalId|suser|cs[12](Label)?|rt|act|cn1(Label)?|msg)$/.test(key),
          ),
        ).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('syslog', () => {
  it('is RFC 5424, without a byte order mark, and framed by its length in bytes', () => {
    const message = rfc5424('CEF:0|é', '2026-06-01T00:00:00.000Z', { host: 'böse host\n', process: '7' });
    expect(message).toBe('<109>1 2026-06-01T00:00:00.000Z bsehost plan-lint 7 violation - CEF:0|é');
    expect(octetCounted(message).toString()).toBe(`${Buffer.byteLength(message)} ${message}`);
  });

  it('datagrams are cut between characters', () => {
    const bytes = datagram(`a${'😀'.repeat(1_000)}`);
    expect(bytes.length).toBeLessThanOrEqual(MAX_DATAGRAM);
    expect(bytes.toString().endsWith('😀')).toBe(true);
  });
});
