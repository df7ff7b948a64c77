/** What calls give: looked at before anybody reads it, or handed on to nobody. */
import { describe, expect, it } from 'vitest';
import { openRun, openSession } from '../../runtime/session/index.ts';
import type { EndAnswer, Session } from '../../runtime/session/index.ts';
import { bundleOf, compileMemory } from '../support/decide.ts';

const POLICY = `results:
  - { tool: 'db.*', deny_tokens_regex: ['AKIA[A-Z0-9]{4,}', '(?i)password ?=.*', '4111\\d{12}'], action: redact }
  - { tool: db.key, deny_tokens_regex: ['BEGIN KEY[^]*'], action: redact }
  - { tool: [files.read, Read], deny_tokens_regex: [TOP SECRET], action: block }
  - { tool: Read, deny_tokens_regex: [TOP SECRET], action: redact }
rules:
  - { rule: leak, flows: { from: [db.*, files.read], to: mail } }
`;

const policy = (
  await bundleOf(await compileMemory({ 'p.yaml': POLICY, 'plan-lint.yaml': 'capabilities: [session]\n' }))
).policy();

function ended(
  tool: string,
  result: unknown,
  outcome: 'succeeded' | 'failed' = 'succeeded',
): Omit<EndAnswer, 'toJSON'> & { readonly session: Session } {
  const session = openSession(policy, { id: 's' });
  const { id } = session.call({ tool, args: {} });
  return { ...session.end(id, { outcome, result }), session };
}

describe('redacted', () => {
  it.each([
    ['a text', 'AKIAXYZ1', '[redacted]'],
    ['a line of a text', 'one\nkey AKIAXYZ1 here\nthree', 'one\n[redacted]\nthree'],
    [
      'all that a pattern can match, not the least that it needs',
      'a\nPassword = hunter two\nb',
      'a\n[redacted]\nb',
    ],
    ['a number', { card: 4111111111111111 }, { card: '[redacted]' }],
    [
      'the name of a member',
      { AKIAXYZ1: 1, AKIAXYZ2: 2, b: 3 },
      { b: 3, '[redacted]': 1, '[redacted 2]': 2 },
    ],
    [
      'deep inside',
      { content: [{ type: 'text', text: 'AKIAXYZ1' }] },
      { content: [{ type: 'text', text: '[redacted]' }] },
    ],
    ['another spelling', { a: 'A\u200bKIAXYZ1', b: '\uff21KIAXYZ1' }, { a: '[redacted]', b: '[redacted]' }],
    [
      'a member of the name of the prototype',
      JSON.parse('{"__proto__":"AKIAXYZ1"}') as object,
      JSON.parse('{"__proto__":"[redacted]"}') as object,
    ],
    ['the text of what failed', 'no: AKIAXYZ1', '[redacted]'],
  ])('%s', (_, result, kept) => {
    const answer = ended('db.query', result, 'failed');
    expect(answer.result).toEqual(kept);
    expect(JSON.stringify(answer.result)).toBe(JSON.stringify(kept));
    expect(answer.blocked).toBe(false);
    expect(answer.findings.map(({ enforcement, category }) => [enforcement, category])).toContainEqual([
      'deny',
      'RESULT_TOKEN',
    ]);
    expect(JSON.stringify(answer.findings)).not.toMatch(/XYZ1|hunter/);
  });

  it('the whole of a text where a match can go over the end of a line', () => {
    expect(ended('db.key', 'a\nBEGIN KEY\nabc').result).toBe('[redacted]');
  });

  it('a text of very many lines is taken out as a whole', () => {
    expect(ended('db.query', `x\n${'y\n'.repeat(30_000)}AKIAXYZ1`).result).toBe('[redacted]');
  });
});

class Own {
  readonly text = 'x';
}

describe('blocked', () => {
  const large = 'x'.repeat(1_048_577);
  const getter = {
    get text(): string {
      throw new Error('no');
    },
  };
  let nested: unknown = 'x';
  for (let i = 0; i < 70; i += 1) nested = [nested];
  const circle: unknown[] = [];
  circle.push(circle);
  it.each([
    ['more than a mebibyte', large, 'larger than'],
    ['more than a mebibyte, in parts', [large.slice(0, 600_000), large.slice(0, 600_000)], 'larger than'],
    ['too many values', Array.from({ length: 100_001 }, () => 1), 'larger than'],
    ['bytes', new Uint8Array(3), 'no data of JSON'],
    ['a buffer as JSON', JSON.parse(JSON.stringify(Buffer.from('x'))) as object, 'binary'],
    ['a picture of MCP', { content: [{ type: 'image', data: 'aGk=', mimeType: 'image/png' }] }, 'binary'],
    ['a resource of MCP', { contents: [{ uri: 'file:///x', blob: 'aGk=' }] }, 'binary'],
    [
      'a picture of a provider',
      { source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } },
      'binary',
    ],
    ['a data address', { url: 'data:image/png;base64,aGk=' }, 'binary'],
    ['a text with a zero character', 'T\0O\0P', 'binary'],
    ['an object of a class', new Own(), 'no data of JSON'],
    ['a function', { text: () => 'x' }, 'no data of JSON'],
    ['a big integer', { n: 1n }, 'no data of JSON'],
    ['a getter that throws', getter, 'cannot be read'],
    ['what is nested too deep', nested, 'nested deeper'],
    ['a circle', circle, 'nested deeper'],
  ])('%s', (_, result, why) => {
    for (const tool of ['db.query', 'files.read']) {
      const answer = ended(tool, result);
      expect([answer.result, answer.blocked, answer.findings.length]).toEqual([null, true, 1]);
      expect(answer.findings[0]?.message).toContain(why);
    }
  });

  it('what a rule blocks, also where another one of the same tool redacts', () => {
    for (const tool of ['files.read', 'Read']) {
      const { result, blocked, findings } = ended(tool, ['fine', 'it is TOP SECRET']);
      expect([result, blocked]).toEqual([null, true]);
      expect(findings[0]?.message).toBe(
        `the result of \`${tool}\` holds what \`results\` forbids, in one place: blocked`,
      );
    }
  });
});

it('a result that nobody asks about is handed on as it is', () => {
  const result = { own: new Own() };
  const answer = ended('mail', result);
  expect(answer.result).toBe(result);
  expect(answer.findings).toEqual([]);
  expect(ended('db.query', undefined)).toMatchObject({ result: undefined, blocked: false, findings: [] });
});

it('a getter is read once: what was looked at is what is handed on', () => {
  let reads = 0;
  const result = {
    get text(): string {
      reads += 1;
      return reads === 1 ? 'fine' : 'AKIAXYZ1';
    },
  };
  expect(JSON.stringify(ended('db.query', result).result)).toBe('{"text":"fine"}');
});

it('flows know what is kept, and no more', () => {
  const { session } = ended('db.query', 'the launch code is 77712 green\nAKIAXYZ1234567');
  expect(session.call({ tool: 'mail', args: { body: 'launch code is 77712' } }).valid).toBe(false);
  expect(session.call({ tool: 'mail', args: { body: 'AKIAXYZ1234567' } }).valid).toBe(true);
  const blocked = ended('files.read', 'TOP SECRET: the launch code is 77712 green').session;
  expect(blocked.call({ tool: 'mail', args: { body: 'launch code is 77712' } }).valid).toBe(true);
});

it('a call that was under way when the session was kept is looked at when it is taken up', () => {
  const first = openSession(policy, { id: 's' });
  const { id } = first.call({ tool: 'db.query', args: {} });
  const sealing = { store: 'trusted' } as const;
  const again = openSession(policy, { id: 's', resume: first.snapshot(sealing), sealing });
  const { result, findings } = again.end(id, { outcome: 'succeeded', result: 'AKIAXYZ1' });
  expect([result, findings[0]?.stepIndex, findings[0]?.stepId]).toEqual(['[redacted]', 0, id]);
});

it('later steps of a run refer to what is kept', () => {
  const plan = {
    steps: [
      { id: 'q', tool: 'db.query', args: {} },
      { id: 'n', tool: 'note', args: { text: '${q.result.text}' } },
    ],
  };
  const run = openRun(policy, plan, { id: 'r' });
  const { id } = run.call({ step: 'q', tool: 'db.query', args: {} });
  expect(run.end(id, { outcome: 'succeeded', result: { text: 'AKIAXYZ1' } }).result).toEqual({
    text: '[redacted]',
  });
  const said = (text: string): readonly string[] =>
    run.call({ step: 'n', tool: 'note', args: { text } }).violations.map(({ rule }) => rule);
  expect([said('AKIAXYZ1'), said('[redacted]')]).toEqual([['run.deviation'], []]);
});

it('what weighs counts in the session', async () => {
  const weighs = `risk_weights: { result_token: 0.9 }\n${POLICY}`;
  const files = { 'p.yaml': weighs, 'plan-lint.yaml': 'capabilities: [session]\n' };
  const session = openSession((await bundleOf(await compileMemory(files))).policy(), { id: 's' });
  const { id } = session.call({ tool: 'db.query', args: {} });
  session.end(id, { outcome: 'succeeded', result: 'AKIAXYZ1' });
  expect(session.end(session.call({ tool: 'note', args: {} }).id, { outcome: 'succeeded' }).findings).toEqual(
    [],
  );
  expect(session.close().valid).toBe(true);
});
