/** Plans as agents write them, of public data and generated, and a policy about them: which of them are told by their bytes. */
import { existsSync, readFileSync } from 'node:fs';
import { openBytes } from '@plan-lint/runtime/bytes';
import { directoryHost } from '../bundles/directory-host.ts';
import { memoryHost } from '../compiler/index.ts';
import type { Host } from '../compiler/index.ts';
import { buildFrom, open } from './us.ts';

interface Step {
  readonly id: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly depends_on?: readonly string[];
}

interface Plan {
  readonly id?: string;
  readonly goal?: string;
  readonly context?: object;
  readonly steps: readonly Step[];
}

/** How many plans of one kind were read and decided as objects, by cause. */
export interface Ordinary {
  readonly name: string;
  readonly policy: string;
  readonly plans: number;
  readonly causes: Readonly<Record<string, number>>;
}

// From `bench/dist/bench`, where the built benchmark stands.
const CORPORA = process.env['CORPORA'] ?? new URL('../../../../shared/corpora/', import.meta.url).pathname;
const POLICIES = new URL('../../../policies', import.meta.url).pathname;

const FILES = [
  { name: 'tau-bench-retail-train', entry: 'retail-customer-service' },
  { name: 'seal-tools-500', entry: null },
] as const;

/** What is ours in a corpus is no part of the plan. */
function readCorpus(name: string): readonly Plan[] | null {
  const path = `${CORPORA}/${name}.jsonl`;
  if (!existsSync(path)) return null;
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => ({ ...(JSON.parse(line) as Plan), meta: undefined }));
}

/**
 * A test for each argument that every call of its tool has, as tests are written that nearly every plan passes; tokens, tools, a
 * limit. Where some plan has a reference there is none: what is not known counts against a plan.
 */
function policyFor(plans: readonly Plan[]): string {
  const steps = plans.flatMap((plan) => plan.steps);
  const rules = [...new Set(steps.map(({ tool }) => tool))].flatMap((tool) => {
    const calls = steps.filter((step) => step.tool === tool).map(({ args }) => args);
    return Object.keys(calls[0] ?? {}).flatMap((arg) => {
      const kinds = new Set(calls.map((args) => kindOf(args[arg])));
      const [kind = ''] = kinds;
      const test = kinds.size === 1 ? TESTS[kind] : undefined;
      return test ? [{ pattern: { tool, arg, ...test } }] : [];
    });
  });
  return JSON.stringify({
    allow_tools: [...new Set(steps.map(({ tool }) => tool))],
    deny_tokens_regex: ['AKIA[0-9A-Z]{16}', 'ghp_[A-Za-z0-9]{36}'],
    max_steps: 50,
    policies: [{ name: 'ordinary', rules: rules.map((rule, i) => ({ rule: `r${i}`, ...rule })) }],
  });
}

const kindOf = (value: unknown): string =>
  typeof value === 'string' && /\$\{|\{\{/.test(value) ? 'reference' : typeof value;

const TESTS: Readonly<Record<string, object>> = {
  number: { operation: 'gt', value: 1e9 },
  string: { operation: 'contains', value: ';drop table' },
};

const PHRASES = {
  German: ['Grüße an Jürgen Weiß', 'Bitte die Rechnung prüfen – heute', 'Überweisung für März'],
  Greek: ['Καλημέρα κόσμε', 'Παρακαλώ στείλτε το τιμολόγιο', 'Ευχαριστώ πολύ'],
  Chinese: ['请检查发票，谢谢。', '给客户发送报告', '订单编号：一百二十三'],
} as const;

/** Nested arguments, references to earlier steps, texts in a language. */
function generated(phrases: readonly string[]): readonly Plan[] {
  return Array.from({ length: 100 }, (_, number) => ({
    id: `plan-${number}`,
    goal: phrases[number % phrases.length] ?? '',
    steps: Array.from({ length: 8 }, (__, i): Step => {
      const text = (at: number): string => phrases[(number + i + at) % phrases.length] ?? '';
      return {
        id: `s${i}`,
        tool: `tools.t${i}`,
        args: {
          note: text(0),
          amount: number * 10 + i,
          lines: [{ subject: text(1), tags: [text(2), null, true] }, { price: i / 4 }],
          ...(i > 0 && { from: `\${s${i - 1}.result.id}`, of: { earlier: `{{ s0.result.rows[${i}] }}` } }),
        },
        ...(i > 0 && { depends_on: [`s${i - 1}`] }),
      };
    }),
  }));
}

async function told(
  name: string,
  policyName: string,
  plans: readonly Plan[],
  asked: { readonly host: Host; readonly entry: string | null },
): Promise<Ordinary> {
  const bundle = await open(await buildFrom(asked.host, ['bytes']));
  const policy = await openBytes(bundle.policy(asked.entry ?? undefined));
  for (const plan of plans) policy.decideText(Buffer.from(JSON.stringify(plan)), { now: Date.now() });
  return { name, policy: policyName, plans: plans.length, causes: policy.counts ?? {} };
}

/** Every kind of plans; a corpus that is not there is told as one of no plans. */
export async function ordinary(): Promise<readonly Ordinary[]> {
  const results: Ordinary[] = [];
  const take = async (name: string, plans: readonly Plan[]): Promise<void> => {
    const host = memoryHost({ 'ordinary.yaml': policyFor(plans) });
    results.push(await told(name, 'tests', plans, { host, entry: null }));
  };
  for (const { name, entry } of FILES) {
    const plans = readCorpus(name);
    if (plans === null) results.push({ name, policy: 'absent', plans: 0, causes: {} });
    else {
      await take(name, plans);
      if (entry !== null)
        results.push(await told(name, entry, plans, { host: directoryHost(POLICIES), entry }));
    }
  }
  for (const [language, phrases] of Object.entries(PHRASES)) await take(language, generated(phrases));
  return results;
}
