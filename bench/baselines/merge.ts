/** What both hand-written forms know of a tool: per argument the merged thresholds and texts. */
import { names } from '../oracle.ts';
import type { Rule, Workload } from '../workload.ts';

export interface NumberedRule extends Rule {
  readonly index: number;
}

export interface MergedArg {
  readonly arg: string;
  readonly rules: readonly NumberedRule[];
  /** Lowest and highest number that passes, for an argument with thresholds. */
  readonly range: readonly [low: number, high: number] | null;
  /** Texts that fire when equal. */
  readonly equal: readonly string[];
  /** One regular expression for all that is searched for anywhere, '' for none. */
  readonly union: string;
  /** Patterns that are anchored, with the character they start with. */
  readonly anchored: readonly { readonly source: string; readonly first: number }[];
}

export const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Every tool with its arguments. */
export function mergeTools({ rules, tools }: Workload): ReadonlyMap<string, readonly MergedArg[]> {
  const byTool = new Map<string, NumberedRule[]>();
  rules.forEach((rule, index) => {
    const list = byTool.get(rule.tool) ?? [];
    byTool.set(rule.tool, list);
    list.push({ ...rule, index });
  });
  const globs = [...byTool.keys()].filter((tool) => tool.endsWith('*'));
  return new Map(
    tools.map((tool) => {
      const own = byTool.get(tool) ?? [];
      const area = globs.filter((glob) => names(glob, tool)).flatMap((glob) => byTool.get(glob) ?? []);
      const byArg = new Map<string, NumberedRule[]>();
      for (const rule of [...own, ...area]) byArg.set(rule.arg, [...(byArg.get(rule.arg) ?? []), rule]);
      return [tool, [...byArg].map(([arg, list]) => mergeArg(arg, list))];
    }),
  );
}

function mergeArg(arg: string, rules: readonly NumberedRule[]): MergedArg {
  let low = -Number.MAX_VALUE;
  let high = Number.MAX_VALUE;
  let numeric = false;
  const equal: string[] = [];
  const anywhere: string[] = [];
  const anchored: { source: string; first: number }[] = [];
  for (const { check } of rules) {
    if (check.operation === 'gt') high = Math.min(high, check.value);
    else if (check.operation === 'lt') low = Math.max(low, check.value);
    else if (check.operation === 'equals') equal.push(check.value);
    else if (check.operation === 'in') equal.push(...check.value);
    else if (check.operation === 'contains') anywhere.push(escape(check.value));
    else if (check.operation === 'starts_with')
      anchored.push({ source: `^${escape(check.value)}`, first: check.value.charCodeAt(0) });
    else if (check.value.startsWith('^'))
      anchored.push({ source: check.value, first: check.value.charCodeAt(1) });
    else anywhere.push(check.value);
    numeric ||= check.operation === 'gt' || check.operation === 'lt';
  }
  return { arg, rules, range: numeric ? [low, high] : null, equal, union: anywhere.join('|'), anchored };
}
