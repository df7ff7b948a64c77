import { renameSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lint } from '../../cli/commands/lint.ts';
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
        { results: [{ ruleId: 'PL1101', locations: [{ physicalLocation: { region: { startLine: 5 } } }] }] },
      ],
    });
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
