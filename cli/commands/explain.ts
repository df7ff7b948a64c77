/** `plan-lint explain`: which lines led to a value, or why a plan is decided as it is. */
import type { ResolvedPolicies } from '../../compiler/index.ts';
import { nearest } from '../../compiler/diagnostics/near.ts';
import { rulesIn } from '../../compiler/ir/layer.ts';
import type { ResolvedPolicy, ResolvedRule } from '../../compiler/ir/resolved.ts';
import { showWholePlan } from '../../compiler/ir/whole-plan-text.ts';
import { reportFailures, UsageError } from '../failure.ts';
import { parseContext } from '../context.ts';
import { compileDirectory } from '../input.ts';
import { openBundle } from '../open-bundle.ts';
import { readPlan } from '../plan-input.ts';
import { EXIT } from '../io.ts';
import type { Io } from '../io.ts';
import { policyPath } from '../policy-path.ts';
import { chainJson, chainText } from '../report/chain.ts';
import type { Explained } from '../report/chain.ts';
import { planExplanation, planExplanationJson } from '../report/why.ts';

export interface ExplainOptions {
  /** A rule, a setting, a parameter (`params.limit`), or the path of a plan (`*.json`, or `-`). */
  readonly target: string;
  /** Default: `PLAN_LINT_POLICY_PATH`. */
  readonly policyDir?: string;
  /** Default: every entry. */
  readonly entry?: string;
  /** What the caller vouches for, for a plan. */
  readonly context?: readonly string[];
  readonly format?: 'text' | 'json';
}

export function explain(options: ExplainOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { target, entry, format } = options;
    if (target === '-' || target.endsWith('.json'))
      return explainPlan({ ...options, policyDir: policyPath(options.policyDir, io) }, io);
    const policyDir = policyPath(options.policyDir, io);
    const { policies } = await compileDirectory(policyDir, entry === undefined ? [] : [entry], io);
    const found = policies.entries.flatMap((policy) => lookUp(policy, target) ?? []);
    if (found.length === 0) throw unknown(target, policies);
    io.stdout(format === 'json' ? chainJson(target, found) : chainText(target, found));
    return EXIT.ok;
  });
}

/** What an entry has under a name; `null` where it has nothing. */
function lookUp(policy: ResolvedPolicy, target: string): Explained | null {
  const { name: entry, file } = policy;
  const base = { entry, file: file.path, exceptions: [] };
  if (target === 'fail_risk_threshold') {
    return { ...base, value: String(policy.threshold), chain: policy.history.fail_risk_threshold };
  }
  if (target === 'aggregate') return { ...base, value: policy.aggregate, chain: policy.history.aggregate };
  const param = policy.params.find(({ name }) => `params.${name}` === target);
  if (param) return { ...base, value: JSON.stringify(param.value), chain: param.chain };
  const rule = rulesIn(policy.layer).find((one) => namesOf(one).includes(target));
  if (!rule) return null;
  const exceptions = policy.exceptions.filter((one) => one.rule === rule.id);
  return { entry, file: file.path, value: effective(rule), chain: rule.chain, exceptions };
}

/** A bound is known by its id, and as it is written: `bounds.payments.transfer.amount`. */
const namesOf = (rule: ResolvedRule): readonly string[] =>
  rule.kind === 'bound' ? [rule.id, `bounds.${rule.key}`] : [rule.id];

function effective(rule: ResolvedRule): string {
  const head = `severity ${rule.severity}, ${rule.enforcement}, weight ${rule.weight}${rule.final ? ', final' : ''}`;
  if (rule.kind === 'max-steps') return `${rule.limit}; ${head}`;
  if (rule.kind === 'bound') return `[${rule.min ?? 'null'}, ${rule.max ?? 'null'}]; ${head}`;
  if (rule.kind === 'deny-token') return `${rule.regex}; ${head}`;
  if (rule.kind === 'whole-plan') return `${showWholePlan(rule.body)}; ${head}`;
  if (rule.kind !== 'allow') return head;
  return `${rule.layers.map(({ globs }) => `[${globs.join(', ')}]`).join(' and ')}; ${head}`;
}

/** Settings that are rules once a file sets them. */
const SETTINGS = ['allow_tools', 'bounds', 'deny_tokens_regex', 'max_steps', 'tools', 'validate_args'];

function unknown(target: string, { entries }: ResolvedPolicies): UsageError {
  const known = entries.flatMap(({ layer, params }) => [
    ...rulesIn(layer).flatMap(namesOf),
    ...params.map(({ name }) => `params.${name}`),
  ]);
  const near =
    known.find((name) => name.startsWith(`${target}.`)) ??
    known.find((name) => name.startsWith(`${target}[`)) ??
    known.find((name) => name.endsWith(`.${target}`)) ??
    nearest(target, [...known, 'fail_risk_threshold', 'aggregate']);
  if (near === null && SETTINGS.includes(target)) {
    return new UsageError(`no entry has \`${target}\``, 'no file sets it, so no plan is held against it');
  }
  return new UsageError(
    `no entry has a rule, setting or parameter \`${target}\``,
    near === null
      ? 'a plan ends in .json; `plan-lint explain max_steps` names a setting'
      : `did you mean \`${near}\`?`,
  );
}

async function explainPlan(
  { target, policyDir, entry, context, format }: ExplainOptions & { readonly policyDir: string },
  io: Io,
): Promise<number> {
  const plan = await readPlan(target, io);
  const named = entry === undefined ? {} : { entry };
  const { policies } = await compileDirectory(policyDir, entry === undefined ? [] : [entry], io);
  const bundle = await openBundle({ policyDir, ...named }, { ...io, stderr: () => undefined });
  const options = { context: parseContext(context ?? []), now: io.now() };
  const decision = bundle.policy(entry).evaluate(plan, options);
  io.stdout(
    format === 'json'
      ? planExplanationJson(target, plan, decision, policies)
      : planExplanation(target, plan, decision, policies),
  );
  return decision.valid ? EXIT.ok : EXIT.findings;
}
