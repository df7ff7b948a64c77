import { nearest } from '../diagnostics/near.ts';
import { rulesIn } from '../ir/layer.ts';
import type { ChainStep, ResolvedException, ResolvedPolicy, ResolvedRule } from '../ir/resolved.ts';
import { showWholePlanRule } from '../ir/whole-plan-text.ts';

/** A value of one entry and where it comes from. */
export interface Explained {
  readonly entry: string;
  readonly file: string;
  readonly value: string;
  /** Oldest first; empty for a default of the language. */
  readonly chain: readonly ChainStep[];
  readonly exceptions: readonly ResolvedException[];
}

/** What an entry has under a name; `null` where it has nothing. */
export function lookUp(policy: ResolvedPolicy, target: string): Explained | null {
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
  if (rule.kind === 'whole-plan') return `${showWholePlanRule(rule)}; ${head}`;
  if (rule.kind === 'result') return `${rule.action}; ${head}`;
  if (rule.kind !== 'allow') return head;
  return `${rule.layers.map(({ globs }) => `[${globs.join(', ')}]`).join(' and ')}; ${head}`;
}

/** Settings that are rules once a file sets them. */
export const SETTINGS = [
  'allow_tools',
  'bounds',
  'deny_tokens_regex',
  'results',
  'max_steps',
  'tools',
  'validate_args',
];

/** The name nearest to one that no entry has; `null` where none is near. */
export function nearestTarget(target: string, entries: readonly ResolvedPolicy[]): string | null {
  const known = entries.flatMap(({ layer, params }) => [
    ...rulesIn(layer).flatMap(namesOf),
    ...params.map(({ name }) => `params.${name}`),
  ]);
  return (
    known.find((name) => name.startsWith(`${target}.`)) ??
    known.find((name) => name.startsWith(`${target}[`)) ??
    known.find((name) => name.endsWith(`.${target}`)) ??
    nearest(target, [...known, 'fail_risk_threshold', 'aggregate'])
  );
}
