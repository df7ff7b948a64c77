import { renameSync, rmSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lint } from '../../cli/commands/lint.ts';
import { compile } from '../../compiler/index.ts';
import { directoryHost } from '../../bundles/directory-host.ts';
import { DOCUMENT_POLICIES, place } from './place.ts';
import type { Place } from './place.ts';

let at: Place;
beforeEach(() => {
  at = place();
});
afterEach(() => at.remove());

const MISSPELT = `policies:
  - name: base
    rules:
      - rule: no_drop
        severty: "critical"
        pattern: { tool: db.query, operation: matchess, value: DROP }
`;
const WEIGHT = `risk_weights: { no_such_rule: 0.5 }\nmax_steps: 4\n`;

describe('lint', () => {
  it('passes the policies of the source document', async () => {
    at.write(DOCUMENT_POLICIES);
    expect(await lint({ policyDir: 'policies/' }, at.io)).toBe(0);
    expect(at.out()).toBe('no findings\n');
  });

  it('shows every finding with its line and a hint, and exits with 3', async () => {
    at.write({ 'policies/a.yaml': MISSPELT, 'policies/b.yaml': MISSPELT });
    expect(await lint({ policyDir: 'policies' }, at.io)).toBe(3);
    const out = at.out();
    expect(out).toContain('a.yaml:5:9: error PL1101: `severty` is not a key');
    expect(out).toContain('did you mean `severity`?');
    expect(out).toContain('b.yaml:5:9');
  });

  it('takes warnings up to --max-warnings', async () => {
    at.write({ 'policies/a.yaml': WEIGHT });
    expect(await lint({ policyDir: 'policies' }, at.io)).toBe(0);
    expect(await lint({ policyDir: 'policies', maxWarnings: 0 }, at.io)).toBe(1);
  });

  it('writes places that a program finds from the working directory', async () => {
    at.write({ 'policies/a.yaml': MISSPELT });
    await lint({ policyDir: 'policies', format: 'json' }, at.io);
    expect(JSON.parse(at.out())).toMatchObject({
      is_valid: false,
      errors: 1,
      diagnostics: [{ code: 'PL1101', file: 'policies/a.yaml', line: 5, column: 9, end_column: 16 }],
    });
    await lint({ policyDir: 'policies', format: 'sarif' }, at.io);
    expect(JSON.parse(at.out())).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { rules: [{ id: 'PL1101', helpUri: 'https://plan-lint.dev/docs/codes/PL1101' }] } },
          results: [{ ruleId: 'PL1101', locations: [{ physicalLocation: { region: { startLine: 5 } } }] }],
        },
      ],
    });
    // The page is one of those that the package has.
    expect(existsSync(join(import.meta.dirname, '../../docs/codes/PL1101.md'))).toBe(true);
    await lint({ policyDir: 'policies', format: 'github' }, at.io);
    expect(at.out()).toMatch(/^::error title=PL1101,file=policies\/a.yaml,line=5,endLine=5,col=9::/);
  });

  it('--fix writes the one word that was meant, and nothing else', async () => {
    at.write({ 'policies/a.yaml': MISSPELT });
    expect(await lint({ policyDir: 'policies', fix: true }, at.io)).toBe(0);
    expect(at.read('policies/a.yaml')).toBe(
      MISSPELT.replace('severty', 'severity').replace('matchess', 'matches'),
    );
    expect(at.err()).toContain('`severty` is now `severity`');
  });

  it('--fix leaves alone what would become a second key', async () => {
    const twice = MISSPELT.replace('severty: "critical"', 'severity: high\n        severty: low');
    at.write({ 'policies/a.yaml': twice });
    expect(await lint({ policyDir: 'policies', fix: true }, at.io)).toBe(3);
    expect(at.read('policies/a.yaml')).toBe(twice);
  });

  it('--watch lints again when a file is saved, until interrupted', async () => {
    const abort = new AbortController();
    const watched = { ...at.io, signal: abort.signal };
    at.write({ 'policies/a.yaml': MISSPELT });
    const ended = lint({ policyDir: 'policies', watch: true }, watched);
    while (!at.err().includes('watching')) await new Promise((done) => setTimeout(done, 20));
    await new Promise((done) => setTimeout(done, 50));
    at.out();
    at.write({ 'policies/a.yaml': WEIGHT });
    let seen = '';
    while (!seen.includes('1 warning')) {
      await new Promise((done) => setTimeout(done, 20));
      seen += at.out();
    }
    abort.abort();
    expect(await ended).toBe(0);
  });

  it('--watch follows a directory that comes later, files renamed into place, and new directories', async () => {
    const abort = new AbortController();
    const watched = { ...at.io, signal: abort.signal };
    const ended = lint({ policyDir: 'later/policies', watch: true }, watched);
    let heard = '';
    const until = async (what: string): Promise<void> => {
      heard = '';
      for (let tries = 0; !heard.includes(what); tries += 1) {
        if (tries > 1500) throw new Error(`not said: ${what}; but: ${heard}`);
        await new Promise((done) => setTimeout(done, 20));
        heard += at.out() + at.err();
      }
    };
    await until('watching later/policies');
    at.write({ 'later/policies/a.yaml': WEIGHT });
    await until('1 warning');
    // As editors save: another file takes the place of this one, twice.
    for (const [text, said] of [
      ['max_steps: 9\n', 'no findings'],
      [WEIGHT, '1 warning'],
    ] as const) {
      at.write({ 'later/.a.tmp': text });
      renameSync(at.path('later/.a.tmp'), at.path('later/policies/a.yaml'));
      await until(said);
    }
    at.write({ 'later/policies/inner/b.yaml': WEIGHT });
    await until('2 warnings');
    rmSync(at.path('later'), { recursive: true });
    await until('waiting for later/policies');
    at.write({ 'later/policies/a.yaml': 'max_steps: 9\n' });
    await until('no findings');
    abort.abort();
    expect(await ended).toBe(0);
  });

  it('reads PLAN_LINT_POLICY_PATH, also where it names one file', async () => {
    at.write(DOCUMENT_POLICIES);
    const env = { PLAN_LINT_POLICY_PATH: at.path('policies/team-finance.yaml') };
    expect(await lint({}, { ...at.io, env })).toBe(0);
    expect(await lint({}, at.io)).toBe(2);
    expect(at.err()).toContain('PLAN_LINT_POLICY_PATH');
  });
});

const EXCEPTION = `rules:
  - rule: large
    pattern: { tool: payments.transfer, arg: amount, operation: gt, value: 5000 }
exceptions:
  - rule: large
    scope: { context: { environment: staging } }
    reason: migration
    ticket: PAY-1
    requested_by: ada
    approved_by: grace
    expires: 2026-07-31T00:00:00Z
`;

describe('lint of what compiles', () => {
  it.each([
    [{}, 'no findings'],
    [{ warnExpiry: 60 }, 'PL4132: this exception to `large` expires on 2026-07-31, in 60 days'],
    [{ now: '2026-07-30' }, 'PL4132: this exception to `large` expires on 2026-07-31, in 1 day'],
    [{ now: '2026-07-31' }, 'PL4131: this exception to `large` expired on 2026-07-31'],
  ])('judges exceptions by the clock: %j', async (options, says) => {
    at.write({ 'policies/a.yaml': EXCEPTION });
    expect(await lint({ policyDir: 'policies', ...options }, at.io)).toBe(0);
    expect(at.out()).toContain(says);
  });

  it('refuses an instant that is none', async () => {
    at.write({ 'policies/a.yaml': EXCEPTION });
    expect(await lint({ policyDir: 'policies', now: 'soon' }, at.io)).toBe(2);
  });

  it('--fix leaves out a quantifier that changes nothing', async () => {
    at.write({ 'policies/a.yaml': 'deny_tokens_regex: ["token(x+)+y", "\\u0061(b+)+", "c(d+)\\u002b"]\n' });
    expect(await lint({ policyDir: 'policies', fix: true }, at.io)).toBe(0);
    // The third is written as an escape: what stands in the file is not what would be taken out.
    expect(at.read('policies/a.yaml')).toBe(
      'deny_tokens_regex: ["token(x+)y", "\\u0061(b+)", "c(d+)\\u002b"]\n',
    );
    expect(at.err()).toBe(
      'fixed        a.yaml:1:47: `+` is left out\nfixed        a.yaml:1:31: `+` is left out\n',
    );
  });

  it('--patterns tells engine, states, bytes and worst case of each pattern', async () => {
    const when = 'rules: [{ rule: no_rm, when: \'step.tool.matches("^rm-[a-z]+")\' }]\n';
    at.write({ 'policies/a.yaml': `deny_tokens_regex: ["AKIA[0-9A-Z]{16}", "a[^b]*c"]\n${when}` });
    expect(await lint({ policyDir: 'policies', patterns: true }, at.io)).toBe(0);
    expect(at.out()).toMatch(/^engine +states +bytes +worst case +place +pattern\n/);
    await lint({ policyDir: 'policies', patterns: true, format: 'json' }, at.io);
    const { patterns } = JSON.parse(at.out()) as { patterns: readonly Record<string, unknown>[] };
    expect(patterns.map(({ rule, line, source, engine }) => [rule, line, source, engine])).toEqual([
      ['deny_tokens_regex["AKIA[0-9A-Z]{16}"]', 1, 'AKIA[0-9A-Z]{16}', 'native'],
      ['deny_tokens_regex["a[^b]*c"]', 1, 'a[^b]*c', 'dfa'],
      ['no_rm', 2, '^rm-[a-z]+', 'native'],
    ]);
    for (const each of patterns) expect(each).toHaveProperty('worst_case', expect.any(Number));
    expect(await lint({ policyDir: 'policies', patterns: true, format: 'sarif' }, at.io)).toBe(2);
  });

  it('names the quantifier of a pattern that is refused, and the way out', async () => {
    at.write({ 'policies/a.yaml': 'deny_tokens_regex: ["a.{5000}b.{5000}c"]\n' });
    expect(await lint({ policyDir: 'policies', patterns: true }, at.io)).toBe(3);
    const out = at.out();
    expect(out).toContain('PL3101: the quantifier `{5000}` after `.` makes the pattern too large');
    expect(out).toContain('hint: lower its bounds');
  });

  it('bundling says nothing of it', async () => {
    at.write({ 'policies/a.yaml': 'allow_tools: ["*"]\n' });
    expect(await lint({ policyDir: 'policies', maxWarnings: 0 }, at.io)).toBe(1);
    const { diagnostics } = await compile(directoryHost(at.path('policies')));
    expect(diagnostics).toEqual([]);
  });
});
