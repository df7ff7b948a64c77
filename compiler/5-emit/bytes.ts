/** What a module carries that decides plans from their bytes. */
import type { OptimizedLayer, OptimizedProgram } from '../ir/optimized.ts';
import type { PlanRule, WholePlanTest } from '../ir/program.ts';
import { comma, empty, join, js, literal } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import { readsPlan } from '../ir/session-class.ts';
import { planRulesOf } from './check.ts';
import { emitTools } from './plan-rules/tools.ts';
import type { Scope } from './scope.ts';
import type { RuleTable } from './table.ts';

export interface EmittedBytes {
  /** Stands in front of the module's own object. */
  readonly setup: Code;
  /** The member of the module's object. */
  readonly member: Code;
}

/** Rules about the whole plan that say nothing of one that calls none of the tools they govern; what is not here is always asked. */
const QUIET_WITHOUT_TOOLS: ReadonlySet<string> = new Set<WholePlanTest['kind']>([
  'max_calls',
  'max_total',
  'require_before',
  'require_after',
  'flows',
  'separate_duty',
  'on_fail',
]);

/**
 * @param joined - the guards of the entries `e` as one
 * @param scanner - WebAssembly in base64
 */
export function emitBytes(
  { entries }: OptimizedProgram,
  { rules }: RuleTable,
  scope: Scope,
  { joined, scanner }: { readonly joined: Code; readonly scanner: string },
): EmittedBytes {
  const layers = new Map<OptimizedLayer, Code>();
  const quiet = entries.map(({ layer }) => {
    const known = layers.get(layer) ?? emitQuiet(layer, scope);
    layers.set(layer, known);
    return known;
  });
  const readers = rules.flatMap((rule, i) => (rule.scope === 'step' && readsPlan(rule) ? [i] : []));
  const open = scope.support('openBytes');
  return {
    setup: js`const quiet=[${join(quiet, comma)}];`,
    member: js`,bytes:(i,l)=>{const t=tables(),e=i.map(j=>t.entries[j]);return ${open}(t,e,${joined},l,{quiet:i.flatMap(j=>quiet[j]),readers:${literal(readers)},scanner:${literal(scanner)}})}`,
  };
}

/** When the rules of an entry about the plan as a whole say nothing (`QuietWhen` of the engine). */
function emitQuiet(layer: OptimizedLayer, scope: Scope): Code {
  return js`[${join(
    planRulesOf(layer).map((rule) => quietWhen(rule, scope)),
    comma,
  )}]`;
}

function quietWhen({ condition }: PlanRule, scope: Scope): Code {
  if (condition.kind === 'more-steps-than') return literal(condition.limit);
  return 'tools' in condition && QUIET_WITHOUT_TOOLS.has(condition.kind)
    ? emitTools(condition.tools, scope)
    : literal(null);
}

export const NO_BYTES: EmittedBytes = { setup: empty, member: empty };
