import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { ContextDemand, ExceptionDeclaration, ExceptionScope, Scalar } from '../ir/document.ts';
import type { YamlNode } from '../ir/node.ts';
import type { Located } from '../ir/source.ts';
import { operandValue } from './operand.ts';
import { checkGlobs } from './pattern.ts';
import { personOf } from './person.ts';
import { Reader, located } from './read.ts';
import { reportReferencesIn } from './references.ts';

/** Reads `exceptions`; one that has been reported is left out. */
export function readExceptions(reader: Reader, diagnostics: Diagnostics): readonly ExceptionDeclaration[] {
  return reader.items('exceptions').flatMap((node) => readException(node, diagnostics) ?? []);
}

function readException(node: YamlNode, diagnostics: Diagnostics): ExceptionDeclaration | null {
  const reader = new Reader(node);
  const rule = reader.text('rule');
  const requestedBy = reader.text('requested_by');
  const approvedBy = reader.text('approved_by');
  const scopeNode = reader.get('scope');
  const scope = scopeNode && readScope(new Reader(scopeNode), diagnostics);
  const notBefore = readInstant(reader.text('not_before'), diagnostics);
  const expires = readInstant(reader.text('expires'), diagnostics);
  if (!rule || !requestedBy || !approvedBy || !scope || notBefore === null || !expires) return null;
  const person = personOf(approvedBy.value);
  if (person === personOf(requestedBy.value)) {
    diagnostics.report('PL2221', { written: approvedBy.value, person }, approvedBy.span, [
      { message: `requested here, by \`${requestedBy.value}\``, span: requestedBy.span },
    ]);
    return null;
  }
  if (notBefore && notBefore.value >= expires.value) {
    diagnostics.report('PL2222', undefined, expires.span, [
      { message: 'it begins here', span: notBefore.span },
    ]);
    return null;
  }
  return {
    rule,
    scope,
    reason: reader.text('reason')?.value ?? '',
    ticket: reader.text('ticket')?.value ?? '',
    requestedBy,
    approvedBy,
    notBefore: notBefore ?? null,
    expires,
    span: rule.span,
  };
}

function readScope(reader: Reader, diagnostics: Diagnostics): ExceptionScope | null {
  const globs = reader.items('tool').map((item) => located(item, 'string'));
  if (!checkGlobs(globs, diagnostics)) return null;
  const entries = reader.entries('context');
  if (entries.some(({ value }) => reportReferencesIn(value, 'operand', diagnostics))) return null;
  const context = entries.map(({ key, value }): ContextDemand => {
    const found = operandValue(value) ?? [];
    const values: readonly Scalar[] = Array.isArray(found) ? (found as readonly Scalar[]) : [found as Scalar];
    return { path: key.split('.'), values };
  });
  return { tools: reader.get('tool') ? globs : null, context };
}

/** `undefined` where there is none, `null` after it has reported what is wrong. */
function readInstant(
  written: Located<string> | undefined,
  diagnostics: Diagnostics,
): Located<number> | null | undefined {
  if (!written) return undefined;
  const { value, span } = written;
  // A day alone begins at midnight UTC, as on a command line.
  const instant = /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value;
  const millis = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(instant) ? Date.parse(instant) : NaN;
  // A date that does not exist is moved to one that does by some engines.
  if (!Number.isNaN(millis) && new Date(millis).toISOString().startsWith(instant.slice(0, 19))) {
    return { value: millis, span };
  }
  diagnostics.report('PL2223', { text: value }, span);
  return null;
}
