/** Calls as steps of a plan: ids that are texts of their own, and what has to come before. */
import type { JsonValue } from '@plan-lint/runtime/json';
import { counted } from './calls.ts';
import { FormatError, isList, isRecord, shownPlace } from './format.ts';
import type { Format, Found, FoundCall, JsonRecord } from './format.ts';

export interface ImportedStep {
  readonly id: string;
  readonly tool: string;
  readonly args: JsonRecord;
  readonly depends_on?: readonly string[];
  readonly on_fail?: 'continue';
}

export interface ImportedPlan {
  /** As a plan file has it. */
  readonly plan: JsonValue | { readonly goal?: string; readonly steps: readonly ImportedStep[] };
  /** By step, where its call stands in the source: `messages[1].tool_calls[0]`. */
  readonly places: readonly string[];
  /** What is not in the plan, or means something else in one; a sentence each. */
  readonly notes: readonly string[];
}

/** Ids that a reference can name; others are renamed. */
const PLAIN_ID = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/;
const OPENER = /\$\{|\{\{/;

export function toPlan(kind: Format['kind'], { groups, lost, goal, plan }: Found): ImportedPlan {
  if (plan !== undefined) return { plan, places: [], notes: [] };
  const ids = idsOf(groups.flat());
  const steps: ImportedStep[] = [];
  let before: readonly string[] = [];
  for (const group of groups) {
    const own = group.map((call) => ids.of.get(call) ?? '');
    for (const [i, call] of group.entries()) steps.push(stepOf(call, own[i] ?? '', before, ids));
    before = own;
  }
  const opened = kind === 'trace' ? steps.filter(({ args }) => holdsOpener(args)).length : 0;
  const notes = [
    ...lost.map((what) => `not in the plan: ${what}`),
    ...(ids.renamed > 0
      ? [`${counted(ids.renamed, 'call has', 'calls have').join('')} another id in the plan`]
      : []),
    ...(opened > 0
      ? [
          `${counted(opened, 'call holds', 'calls hold').join('')} a text that a plan takes for a reference; a session takes it as it stands`,
        ]
      : []),
  ];
  const body = { ...(goal !== undefined && { goal }), steps };
  return { plan: body, places: groups.flat().map(({ at }) => shownPlace(at)), notes };
}

interface Ids {
  readonly of: ReadonlyMap<FoundCall, string>;
  /** By the id of the format, where one call alone has it. */
  readonly named: ReadonlyMap<string, string>;
  readonly renamed: number;
}

function idsOf(calls: readonly FoundCall[]): Ids {
  const of = new Map<FoundCall, string>();
  const named = new Map<string, string>();
  const taken = new Set(calls.flatMap(({ id }) => (id !== null && PLAIN_ID.test(id) ? [id] : [])));
  const used = new Set<string>();
  let renamed = 0;
  for (const [i, call] of calls.entries()) {
    const { id } = call;
    const keeps = id !== null && PLAIN_ID.test(id) && !used.has(id);
    const own = keeps ? id : freshId(i + 1, taken);
    if (!keeps && id !== null) renamed += 1;
    used.add(own);
    taken.add(own);
    of.set(call, own);
    if (id !== null && !named.has(id)) named.set(id, own);
  }
  return { of, named, renamed };
}

function freshId(number: number, taken: ReadonlySet<string>): string {
  let id = `call_${number}`;
  for (let more = 2; taken.has(id); more += 1) id = `call_${number}_${more}`;
  return id;
}

function stepOf(call: FoundCall, id: string, before: readonly string[], { named }: Ids): ImportedStep {
  const { tool, args, after, onFail, at } = call;
  const waits = after?.map((each) => {
    const step = named.get(each);
    if (step === undefined) throw new FormatError('what leads here is no call', at);
    return step;
  });
  const depends = waits ?? before;
  return {
    id,
    tool,
    args,
    ...(depends.length > 0 && { depends_on: depends }),
    ...(onFail && { on_fail: onFail }),
  };
}

function holdsOpener(value: JsonValue): boolean {
  if (typeof value === 'string') return OPENER.test(value);
  if (isList(value)) return value.some(holdsOpener);
  if (!isRecord(value)) return false;
  return Object.entries(value).some(([name, each]) => OPENER.test(name) || holdsOpener(each));
}
