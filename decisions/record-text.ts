/**
 * Records that were just made, as JSON: their members are known and in their order, and most of what is in them was
 * in the record before, so it is written once. The text is the one that `JSON.stringify` gives.
 */
import type { PlanRecord } from './record.ts';
import type { ViolationObject } from './decision.ts';

/** A record behind its key, with `before` and `between` around the key. */
export function recordWriter(before: string, between: string): (record: PlanRecord) => string {
  let around: Around | undefined;
  let clean: { readonly record: PlanRecord; readonly text: string } | undefined;
  let bundle: { readonly value: PlanRecord['bundle']; readonly text: string } | undefined;
  const violationText = violationWriter();

  /** What stands behind the place of the plan. */
  const restOf = (record: PlanRecord): string => {
    const { is_valid, status, risk_score, violations, pending, entry, known } = record;
    if (bundle?.value !== record.bundle) bundle = { value: record.bundle, text: quote(record.bundle) };
    let found = '';
    for (const violation of violations) found += (found === '' ? '' : ',') + violationText(violation);
    return (
      `,"is_valid":${is_valid},"status":"${status}","risk_score":${risk_score},"violations":[${found}],` +
      `${pending === undefined ? '' : `"pending":${quote(pending)},`}"entry":${quote(entry)},"bundle":${bundle.text}${known === undefined ? '' : `,"known":${known}`}}`
    );
  };

  return (record) => {
    const { file, line, index, plan_id, violations, pending } = record;
    const inFile = index !== undefined ? 'index' : 'whole';
    const kind = line !== undefined ? 'line' : inFile;
    if (around?.file !== file || around.kind !== kind) around = aroundNumbers(file, kind, before, between);
    let rest;
    if (violations.length > 0 || pending !== undefined) rest = restOf(record);
    else {
      // A plan without findings has no more to say than the last one had.
      if (!clean || !alike(clean.record, record)) clean = { record, text: restOf(record) };
      rest = clean.text;
    }
    const id = quote(plan_id);
    const number = `${line ?? index ?? ''}`;
    const [key, upToId, upToNumber] = around.texts;
    return key + number + upToId + id + upToNumber + number + rest;
  };
}

type Kind = 'line' | 'index' | 'whole';

/** What a file's records have in common, in front of the number of the plan, of its id, and of the number again. */
interface Around {
  readonly file: string;
  readonly kind: Kind;
  readonly texts: readonly [string, string, string];
}

const BRACKETS = { line: [':', ''], index: ['[', ']'], whole: ['', ''] } as const;

function aroundNumbers(file: string, kind: Kind, before: string, between: string): Around {
  const quoted = JSON.stringify(file);
  const [open, close] = BRACKETS[kind];
  const member = kind === 'whole' ? '' : `,"${kind}":`;
  return {
    file,
    kind,
    texts: [
      `${before}${quoted.slice(0, -1)}${open}`,
      `${close}"${between}"plan_id":`,
      `,"file":${quoted}${member}`,
    ],
  };
}

const alike = (a: PlanRecord, b: PlanRecord): boolean =>
  a.status === b.status &&
  a.is_valid === b.is_valid &&
  a.risk_score === b.risk_score &&
  a.entry === b.entry &&
  a.bundle === b.bundle &&
  a.known === b.known;

/** What every violation of a rule says, in front of its message, of its step and of its waiver. */
interface OfRule {
  readonly violation: ViolationObject;
  readonly texts: readonly [string, string, string];
}

function violationWriter(): (violation: ViolationObject) => string {
  const rules = new Map<string, OfRule>();
  return (violation) => {
    const { rule, message, step_index, step_id, arg_path, waiver, line } = violation;
    let known = rules.get(rule);
    if (!known || !sameRule(known.violation, violation)) {
      known = { violation, texts: textsOf(violation) };
      rules.set(rule, known);
    }
    const [upToMessage, upToStep, upToWaiver] = known.texts;
    return (
      `${upToMessage}${quote(message)}${upToStep}${step_index ?? 'null'},"step_id":${quote(step_id)},` +
      `"arg_path":${quote(arg_path)}${upToWaiver}${quote(waiver)}${line === undefined ? '' : `,"line":${line}`}}`
    );
  };
}

function sameRule(a: ViolationObject, b: ViolationObject): boolean {
  return (
    a.policy === b.policy &&
    a.severity === b.severity &&
    a.enforcement === b.enforcement &&
    a.category === b.category &&
    a.origin?.file === b.origin?.file &&
    a.origin?.line === b.origin?.line &&
    a.origin?.column === b.origin?.column
  );
}

function textsOf({
  rule,
  policy,
  severity,
  enforcement,
  category,
  origin,
}: ViolationObject): OfRule['texts'] {
  return [
    `{"rule":${quote(rule)},"policy":${quote(policy)},"message":`,
    `,"severity":"${severity}","enforcement":"${enforcement}","category":${quote(category)},"step_index":`,
    `,"origin":${quote(origin)},"waiver":`,
  ];
}

const quote = (value: unknown): string => (value === null ? 'null' : JSON.stringify(value));
