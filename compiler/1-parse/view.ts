import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import { EMAIL_PARTS, FORM_NAMES, URL_PARTS } from '../ir/document.ts';
import type { FormName, View } from '../ir/document.ts';
import { parsePath, pathProblem } from '../ir/path.ts';
import type { ArgPath } from '../ir/path.ts';
import type { Located } from '../ir/source.ts';
import type { OperationName } from '../operations/index.ts';
import type { Reader } from './read.ts';

const PARTS: Readonly<Partial<Record<FormName, readonly string[]>>> = { url: URL_PARTS, email: EMAIL_PARTS };

/** What the parts are called that are hosts. */
const isHost = ({ as, part }: View): boolean => as === 'host' || part === 'host' || part === 'domain';

/**
 * Reads `as`, `part` and `path` of a test: what the argument's text is taken for, and what of that is tested.
 *
 * @param hasArg - whether the test is of one argument
 * @returns `undefined` where there is none; `null` after it has reported what is wrong
 */
export function readView(
  reader: Reader,
  operation: OperationName,
  hasArg: boolean,
  diagnostics: Diagnostics,
): Located<View> | undefined | null {
  const written = reader.text('as');
  const stray = ['part', 'path'].find((key) => reader.get(key));
  if (!written && stray) {
    const reason = `\`${stray}\` says what to look at in a text that \`as\` reads`;
    diagnostics.report('PL1141', { reason, known: FORM_NAMES }, reader.keySpan(stray));
    return null;
  }
  const view = written && readForm(reader, written, hasArg, diagnostics);
  if (view === null) return null;
  if (operation === 'private_network' && !(view && isHost(view.value))) {
    diagnostics.report(
      'PL1142',
      undefined,
      reader.keySpan(reader.get('operation') ? 'operation' : 'private_network'),
    );
    return null;
  }
  return view;
}

function readForm(
  reader: Reader,
  { value: written, span }: Located<string>,
  hasArg: boolean,
  diagnostics: Diagnostics,
): Located<View> | null {
  const as = FORM_NAMES.find((name) => name === written);
  if (!as) {
    diagnostics.report(
      'PL1140',
      { as: written, near: nearest(written, FORM_NAMES), known: FORM_NAMES },
      span,
    );
    return null;
  }
  const refuse = (reason: string, known: readonly string[], key = 'as'): null => {
    diagnostics.report('PL1141', { reason, known }, reader.keySpan(key));
    return null;
  };
  if (!hasArg) return refuse('`as` reads the text of one argument, so the test needs an `arg`', []);
  const parts = PARTS[as] ?? [];
  const part = reader.text('part');
  if (part && !parts.includes(part.value)) {
    if (parts.length === 0) return refuse(`what \`as: ${as}\` reads has no parts`, [], 'part');
    return refuse(`\`${part.value}\` is no part of what \`as: ${as}\` reads`, parts, 'part');
  }
  if (as === 'url' && !part) return refuse('`as: url` needs a `part` to look at', parts);
  const path = reader.text('path');
  if (path && as !== 'json') return refuse(`only what \`as: json\` reads has a \`path\``, [], 'path');
  const inner = path ? readPath(path, diagnostics) : [];
  if (!inner) return null;
  return { value: { as, part: (part?.value ?? null) as View['part'], path: inner }, span };
}

/** A path into JSON, which may be a list itself: `[*].price`. */
function readPath(written: Located<string>, diagnostics: Diagnostics): ArgPath | null {
  const lists = /^(?:\[\*\])*/.exec(written.value)?.[0] ?? '';
  const behind = written.value.slice(lists.length).replace(lists === '' ? '' : /^\./, '');
  const each = Array.from({ length: lists.length / 3 }, () => ({ every: true as const }));
  if (behind === '' && lists !== '') return each;
  const reason = pathProblem(behind);
  if (reason === null) return [...each, ...parsePath(behind)];
  diagnostics.report('PL1112', { path: written.value, reason }, written.span);
  return null;
}
