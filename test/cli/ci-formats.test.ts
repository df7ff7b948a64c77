/** Reports for CI systems: true lines, one fingerprint a finding, and no text of a plan that ends a command. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { place } from './place.ts';

const at = place();
afterAll(() => at.remove());

const RULE =
  'rules:\n  - rule: limit\n    severity: high\n    pattern: { tool: pay, arg: n, operation: gt, value: 1 }\n';
const step = (id: string, n: number): string => `{"id": "${id}", "tool": "pay", "args": {"n": ${n}}}`;

beforeAll(() => {
  at.write({
    // Two entries with a rule of one name, in policies of one name.
    'policies/a.yaml': `name: a\npolicies:\n  - name: p\n    ${RULE.replaceAll('\n', '\n    ')}\n`,
    'policies/b.yaml': `name: b\npolicies:\n  - name: p\n    ${RULE.replaceAll('\n', '\n    ')}\n`,
    'plans/array.json': `[\n  {"steps": []},\n\n  {\n    "steps": [\n      ${step('s1', 0)},\n      ${step('s2', 5)}\n    ]\n  }\n]\n`,
    'plans/lines.jsonl': `{"steps": []}\n{"steps": [${step('x', 9)}]}\n`,
    'plans/odd]##vso[task.complete];# name.json': `{"steps": [\n${step('x', 9)}\n]}`,
  });
});

async function report(format: string): Promise<string> {
  at.out();
  const options = ['--plans-dir', 'plans', '--policy-dir', 'policies', '--report-format', format];
  expect(await run(['validate-batch', ...options], at.io)).toBe(1);
  return at.out();
}

const PLACES = ['array.json:7', 'lines.jsonl:2', 'odd]##vso[task.complete];# name.json:2'];
const once = (places: readonly string[]): readonly string[] => [...new Set(places)].sort();

describe('reports for CI systems', () => {
  it('gitlab-codequality', async () => {
    const issues = JSON.parse(await report('gitlab-codequality')) as readonly {
      readonly check_name: string;
      readonly fingerprint: string;
      readonly severity: string;
      readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
    }[];
    expect(once(issues.map(({ location: { path, lines } }) => `${path}:${lines.begin}`))).toEqual(
      PLACES.map((name) => `plans/${name}`),
    );
    // Each is there twice: by the entry `a`, and by the entry `b`.
    expect(issues).toHaveLength(6);
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(6);
    expect(issues[0]).toMatchObject({ check_name: 'limit', severity: 'critical' });
  });

  it('gitlab-sast', async () => {
    const { vulnerabilities, scan, version } = JSON.parse(await report('gitlab-sast')) as {
      readonly version: string;
      readonly vulnerabilities: readonly {
        readonly id: string;
        readonly location: { readonly file: string; readonly start_line: number };
        readonly identifiers: readonly { readonly value: string }[];
      }[];
      readonly scan: object;
    };
    expect(version).toMatch(/^15\./);
    expect(scan).toMatchObject({ type: 'sast', status: 'success', start_time: '2026-06-01T00:00:00' });
    expect(once(vulnerabilities.map(({ location }) => `${location.file}:${location.start_line}`))).toEqual(
      PLACES.map((name) => `plans/${name}`),
    );
    expect(once(vulnerabilities.flatMap(({ identifiers }) => identifiers.map(({ value }) => value)))).toEqual(
      ['a.yaml#limit', 'b.yaml#limit'],
    );
  });

  it('azuredevops', async () => {
    const lines = (await report('azuredevops')).trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(
      /^##vso\[task\.logissue type=error;sourcepath=plans\/array\.json;linenumber=7;code=limit;\]/,
    );
    // A command ends at its first bracket: what a plan's name holds stands behind it, or is escaped.
    expect(lines.at(-1)).toContain(
      'sourcepath=plans/odd%5D##vso[task.complete%5D%3B# name.json;linenumber=2;',
    );
  });

  it('tap', async () => {
    const text = await report('tap');
    expect(text).toMatch(/^TAP version 14\n/);
    expect(text.match(/^(?:not )?ok .*/gm)).toEqual([
      'ok - array.json[0]',
      'not ok - array.json[1]',
      'ok - lines.jsonl:1',
      'not ok - lines.jsonl:2',
      'not ok - odd]\\#\\#vso[task.complete];\\# name.json',
    ]);
    expect(text).toContain('"at":"step 2 (s2)"');
    expect(text).toMatch(/\n1\.\.5\n$/);
  });

  it.each(['github', 'sarif'])('%s has the line of a step in an array', async (format) => {
    expect(await report(format)).toMatch(/plans\/array\.json,line=7|"startLine":7/);
  });
});
