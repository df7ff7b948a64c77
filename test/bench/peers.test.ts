/** Peers that need a toolchain: what can be held to the oracle without it, and what is said where it is missing. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { against } from '../../bench/against.ts';
import type { PeerCell } from '../../bench/against.ts';
import { Missing } from '../../bench/engine.ts';
import type { Engine } from '../../bench/engine.ts';
import { oracle } from '../../bench/oracle.ts';
import { memberOf, wasmOf } from '../../bench/peers/opa.ts';
import { ask, boundsOnly, planLintPython, policyOf } from '../../bench/peers/plan-lint-python.ts';
import { dataOf, dataPolicy, flatPolicy } from '../../bench/peers/rego.ts';
import { peerLines } from '../../bench/print.ts';
import { peerTargets } from '../../bench/targets.ts';
import { makePlan, makeWorkload } from '../../bench/workload.ts';
import type { Step } from '../../bench/workload.ts';

const workload = makeWorkload(100);
const plans = Array.from({ length: 20 }, (_, seed) => makePlan(workload, 50, seed));
const NOWHERE = '/nowhere/such-a-command';

afterEach(() => {
  vi.unstubAllEnvs();
});

interface Data {
  readonly max_steps: number;
  readonly deny: readonly { readonly id: string; readonly holds: string }[];
  readonly tools: Readonly<Record<string, Readonly<Record<string, readonly DataRule[]>>>>;
}
interface DataRule {
  readonly id: string;
  readonly arg: string;
  readonly value: unknown;
  readonly inside?: string;
}

/** The tests of the rego policy, in JavaScript. */
const KINDS: Readonly<Record<string, (value: string | number, rule: DataRule) => boolean>> = {
  gt: (value, rule) => Number(value) > Number(rule.value),
  lt: (value, rule) => Number(value) < Number(rule.value),
  equals: (value, rule) => value === rule.value,
  in: (value, rule) => (rule.value as readonly unknown[]).includes(value),
  holds: (value, rule) => String(value).includes(rule.value as string),
  starts: (value, rule) =>
    String(value).startsWith(rule.value as string) && String(value).includes(rule.inside ?? ''),
};

describe('OPA', () => {
  it('is given rules as data that decide as the oracle does', () => {
    const data = dataOf(workload) as Data;
    const fired = (step: Step): string[] => [
      ...Object.entries(data.tools[step.tool] ?? {}).flatMap(([kind, rules]) =>
        rules.filter((rule) => KINDS[kind]?.(step.args[rule.arg] ?? '', rule)).map(({ id }) => id),
      ),
      ...data.deny
        .filter(({ holds }) => Object.values(step.args).some((value) => String(value).includes(holds)))
        .map(({ id }) => id),
    ];
    let findings = 0;
    for (const plan of plans) {
      const found = plan.steps.flatMap((step, i) => fired(step).map((name) => `${i}:${name}`)).sort();
      expect(found).toEqual(oracle(workload, plan));
      findings += found.length;
    }
    expect(findings).toBeGreaterThan(20);
  });

  it('has a test in the policy for each kind of rule in the data', () => {
    const kinds = Object.values((dataOf(workload) as Data).tools).flatMap((of) => Object.keys(of));
    for (const kind of new Set(kinds)) expect(dataPolicy()).toContain(`data.tools[step.tool].${kind}\n`);
  });

  it('is given the same rego for the same workload, with a body a rule', () => {
    const text = flatPolicy(workload);
    expect(flatPolicy(makeWorkload(100))).toBe(text);
    for (const { id } of workload.rules) expect(text.split(`[i, "${id}"] if {`)).toHaveLength(2);
    expect(flatPolicy(makeWorkload(10))).toMatchSnapshot();
  });

  it('says what is missing and how to get it', async () => {
    vi.stubEnv('OPA', NOWHERE);
    const compiled = wasmOf(dataPolicy());
    await expect(compiled).rejects.toThrow(Missing);
    await expect(compiled).rejects.toThrow(/no command `\/nowhere\/such-a-command` .*go install .*OPA=/);
    vi.stubEnv('OPA', process.execPath);
    const failed = wasmOf(dataPolicy());
    await expect(failed).rejects.toThrow(/does not compile the rego: /);
    await expect(failed).rejects.not.toThrow(Missing);
  });

  it('takes its module out of the bundle', () => {
    const member = (name: string, body: string): Buffer => {
      const head = Buffer.alloc(512);
      head.write(name, 0);
      head.write(body.length.toString(8).padStart(11, '0'), 124);
      return Buffer.concat([head, Buffer.from(body), Buffer.alloc((512 - (body.length % 512)) % 512)]);
    };
    const bundle = Buffer.concat([
      member('/data.json', '{}'),
      member('/empty', ''),
      member('/policy.wasm', 'w'.repeat(700)),
      Buffer.alloc(1024),
    ]);
    expect(Buffer.from(memberOf(bundle, 'policy.wasm')).toString()).toBe('w'.repeat(700));
    expect(() => memberOf(bundle, 'other.wasm')).toThrow('no `other.wasm`');
    expect(() => memberOf(bundle.subarray(0, 2300), 'policy.wasm')).toThrow('cut short');
    expect(() => memberOf(Buffer.alloc(512, 'x'), 'policy.wasm')).toThrow('not a tar archive');
  });
});

describe('plan-lint in Python', () => {
  it('is given bounds that numbers leave when a rule fires, and only then', () => {
    const part = boundsOnly(workload);
    const { bounds } = policyOf(part) as { readonly bounds: Readonly<Record<string, readonly number[]>> };
    const wording = planLintPython.wording?.(part) ?? String;
    let findings = 0;
    for (const plan of plans) {
      const found = plan.steps.flatMap(({ tool, args }, i) =>
        Object.entries(args).flatMap(([arg, value]) => {
          const [low = -Infinity, high = Infinity] = bounds[`${tool.replace('.', '_')}.${arg}`] ?? [];
          return typeof value === 'number' && (value < low || value > high) ? [`${i}:bounds ${arg}`] : [];
        }),
      );
      const expected = oracle(part, plan).filter((finding) => !finding.includes(':deny '));
      expect(found.sort()).toEqual([...new Set(expected.map(wording))].sort());
      findings += found.length;
    }
    expect(findings).toBeGreaterThan(10);
  });

  it('says what is missing and how to get it, and what fails for another reason', async () => {
    const job = { policy: {}, plans: [], budget: 0 };
    vi.stubEnv('PYTHON', NOWHERE);
    const asked = ask(job);
    await expect(asked).rejects.toThrow(Missing);
    await expect(asked).rejects.toThrow(/no command `\/nowhere\/such-a-command` .*PYTHON=/);
    vi.stubEnv('PYTHON', process.execPath);
    const failed = ask(job);
    await expect(failed).rejects.toThrow('plan-lint in Python failed');
    await expect(failed).rejects.not.toThrow(Missing);
  });
});

describe('the table of peers', () => {
  const missing: Engine = {
    name: 'missing',
    prepare: () => {
      throw new Missing('no command `it` (get it)');
    },
  };
  const wrong: Engine = {
    name: 'wrong',
    prepare: () => ({ decide: () => [], verdict: () => ['0:other'], bytes: 0 }),
  };
  /** Decides numbers alone, and says no more than the argument. */
  const partial: Engine = {
    name: 'partial',
    part: boundsOnly,
    wording: (part) => (finding) => planLintPython.wording?.(part)(finding) ?? finding,
    prepare: (part) => {
      const wording = planLintPython.wording?.(part) ?? String;
      const verdict: (plan: (typeof plans)[number]) => readonly string[] = (plan) =>
        [...new Set(oracle(part, plan).map(wording))].sort();
      return {
        decide: verdict,
        verdict,
        bytes: 0,
        note: `${part.rules.length} rules`,
        timed: () => Promise.resolve({ micros: 5000, ready: 1 }),
      };
    },
  };

  it('measures what decides as the oracle does, and says why it leaves others out', async () => {
    const cells = await against([10], [missing, wrong, partial]);
    const cell = (name: string): PeerCell | undefined => cells.find((each) => each.name === name);
    expect(cell('missing')).toMatchObject({ micros: null, skipped: 'no command `it` (get it)' });
    expect(cell('wrong')).toMatchObject({ micros: null, skipped: null });
    expect(cell('wrong')?.note).toContain('wrong decides plan 0 otherwise');
    expect(cell('partial')).toMatchObject({ micros: 5000, ready: 1, note: '5 rules' });
    const own = cell('plan-lint');
    expect(own?.ours).toBe(own?.micros);
    expect(cell('wrong')?.ours).toBe(own?.micros);
    expect(cell('partial')?.ours).toBeGreaterThan(0);
  });

  const row = (more: Partial<PeerCell>): PeerCell => ({
    name: 'OPA wasm',
    rules: 1000,
    micros: 500,
    ours: 25,
    ready: 3,
    bytes: 0,
    note: '',
    skipped: null,
    ...more,
  });

  it('has one line for what is missing at every size', () => {
    const skipped = row({ name: 'gone', micros: null, skipped: 'no command `it`' });
    const lines = peerLines([row({ rules: 10 }), { ...skipped, rules: 10 }, row({}), skipped]);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('20.0 x');
    expect(lines[2]).toBe('gone: skipped, no command `it`');
  });

  it('holds us to the best form of a peer', () => {
    const cells = [row({ name: 'OPA wasm (a)', micros: 5000 }), row({ name: 'OPA wasm (b)' })];
    expect(peerTargets(cells)).toEqual([
      { what: '1000 rules: OPA wasm (b) / us', measured: 20, bound: 25, atLeast: true },
    ]);
    expect(peerTargets(cells.map((cell) => ({ ...cell, micros: null })))).toEqual([]);
  });
});
