/**
 * Violations as CEF (ArcSight Common Event Format, version 0): the source document's header and its two extension keys, then ours. Readers
 * of CEF disagree about escapes, so they are made rare: ids that would need one go as a digest, with the text in `msg`.
 */
import { hash } from 'node:crypto';
import type { WrittenEvent } from '../audit/line.ts';

/** Longest text of a header field and of an extension's value, in characters. */
const MAX_FIELD = 512;
const MAX_VALUE = 1023;

export type SeverityStyle = 'number' | 'word';

/** CEF knows 0 to 10; "critical" is none of its words. */
const SEVERITIES: Readonly<Record<string, number>> = { info: 1, low: 3, medium: 5, high: 8, critical: 10 };

/** No more than so many code points: half a character is none. */
function capped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const points = [...text.slice(0, 2 * limit)];
  return points.length <= limit ? points.join('') : `${points.slice(0, limit - 1).join('')}…`;
}

// Controls, and what ends a line for some reader or turns the direction of text.
// eslint-disable-next-line no-control-regex -- these are the characters in question
const CONTROLS = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const LINE_ENDS = /\r\n|[\n\r\u2028\u2029]/g;
/** A surrogate without its other half is no character, and UTF-8 cannot hold it. */
const wellFormed = (text: string): string => text.toWellFormed();

/** Text of a header: `\` and `|` escaped, on one line. */
export const headerText = (text: string): string =>
  capped(wellFormed(text).replace(LINE_ENDS, ' ').replace(CONTROLS, ''), MAX_FIELD).replace(/[\\|]/g, '\\$&');

/** Value of an extension: `\` and `=` escaped, line ends written as `\n` and `\r`. */
export const valueText = (text: string): string =>
  capped(
    wellFormed(text)
      .replace(/[\u2028\u2029]/g, '\n')
      .replace(CONTROLS, ''),
    MAX_VALUE,
  )
    .replace(/[\\=]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');

const PLAIN_ID = /^[\w.:@/-]{1,256}$/;

/** An id that no reader can misread, and the text that it stands for where that is another. */
function idText(id: string): { readonly value: string; readonly stands: string | null } {
  if (PLAIN_ID.test(id)) return { value: id, stands: null };
  return { value: `sha256:${hash('sha256', id, 'hex').slice(0, 32)}`, stands: id };
}

/** One pair of the extension; nothing for what is not known. */
const pair = (key: string, value: string | number | null | undefined): readonly string[] =>
  value === null || value === undefined || value === '' ? [] : [`${key}=${valueText(String(value))}`];

interface Header {
  readonly rule: string;
  readonly message: string;
  readonly severity: string;
}

const headerOf = ({ rule, message, severity }: Header, style: SeverityStyle): string => {
  const level = style === 'word' ? severity : String(SEVERITIES[severity] ?? 5);
  return `CEF:0|PlanLint|Validator|1.0|${headerText(rule)}|${headerText(message)}|${headerText(level)}|`;
};

/** What every event of a decision says beside its violation. */
function commonPairs(event: WrittenEvent): readonly string[] {
  return [
    ...pair('externalId', event.decision_id),
    ...pair('suser', event.user),
    ...(event.bundle === undefined ? [] : ['cs2Label=bundle', ...pair('cs2', event.bundle)]),
    ...pair('src', event.source_ip),
    ...pair('rt', Date.parse(event.timestamp)),
  ];
}

function actOf({ status, result }: WrittenEvent): string {
  if (status === 'approval') return 'approval';
  return result?.is_valid === true ? 'warn' : 'deny';
}

/** The violations of one line of the log, an event each, in their order; none for lines that are no decision. */
export function cefOfDecision(event: WrittenEvent, style: SeverityStyle = 'number'): readonly string[] {
  const act = actOf(event);
  return (event.result?.violations ?? []).map((violation, i) => {
    const plan = idText(event.plan_id);
    const step = idText(violation.step_id ?? 'unknown');
    const stands = [
      ...(plan.stands === null ? [] : [`planId: ${plan.stands}`]),
      ...(step.stands === null ? [] : [`stepId: ${step.stands}`]),
    ].join('\n');
    const extension = [
      `planId=${plan.value}`,
      `stepId=${step.value}`,
      ...commonPairs(event),
      `act=${act}`,
      'cs1Label=policy',
      ...pair('cs1', violation.policy),
      'cn1Label=violation',
      `cn1=${i + 1}`,
      ...pair('msg', stands),
    ];
    return headerOf(violation, style) + extension.join(' ');
  });
}

/** Lines that can never be sent: they were removed before they were read. */
export function cefOfGap(
  { from, to }: { readonly from: number; readonly to: number },
  style: SeverityStyle,
): string {
  const header = {
    rule: 'audit.gap',
    message: `${to - from + 1} lines of the audit log were removed before they were sent`,
    severity: 'critical',
  };
  return `${headerOf(header, style)}cn1Label=from cn1=${from} cn2Label=to cn2=${to}`;
}
