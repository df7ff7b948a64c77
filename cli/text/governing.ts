/** The rules that govern a tool, for people and for programs. */
import { originOf, place } from '../../compiler/inspect.ts';
import type { Governing, SessionClasses } from '../../compiler/index.ts';
import { classOf, sessionWords } from './session-class.ts';
import { shown } from './shown.ts';

export function governingText(
  tool: string,
  governing: readonly Governing[],
  classes: SessionClasses | null,
): string {
  if (governing.length === 0) return shown`no rule may fire for ${tool}\n`;
  const width = Math.max(...governing.map(({ rule }) => rule.id.length));
  const lines = governing.map(({ entry, rule, always }) => {
    const when = always ? 'always' : 'by its arguments, the plan or who asks';
    const own = classOf(classes, entry, rule.id);
    const inSession = own === undefined ? '' : `; ${sessionWords(own)}`;
    return shown`  ${rule.severity.padEnd(8)}  ${rule.enforcement.padEnd(16)}  ${rule.id.padEnd(width)}  ${place(rule.span)}  ${entry}: ${when}${inSession}\n`;
  });
  return (
    shown`${tool} is governed by ${governing.length} ${governing.length === 1 ? 'rule' : 'rules'}\n` +
    lines.join('')
  );
}

export function governingJson(
  tool: string,
  governing: readonly Governing[],
  classes: SessionClasses | null,
): string {
  const rules = governing.map(({ entry, rule, always }) => {
    const session = classOf(classes, entry, rule.id);
    return {
      rule: rule.id,
      entry,
      severity: rule.severity,
      enforcement: rule.enforcement,
      always,
      ...(session !== undefined && { session }),
      origin: originOf(rule.span),
    };
  });
  return `${JSON.stringify({ tool, rules }, null, 2)}\n`;
}
