/**
 * References to results of other steps, `${step-id.result…}` and `{{step-id.result…}}`. The check of the plan, the rules,
 * conditions and the graph read texts by `readText` alone, so that they see the same.
 */
import { CelFailure } from './failure.ts';

const DOLLAR = 36;
const OPEN = 123;

/**
 * A text of a plan's arguments that says something only when the plan runs. It stands where the text stood, so that no
 * test takes it for one. For a condition it is a failure of its own kind: it is carried on like an error.
 */
export class UnknownValue extends CelFailure {
  override reason = 'it reads a value that is not known before the plan runs';
  /** As it is written. */
  text = '';
  /** What is known, around the references; `null` for a text that is not wholly understood. */
  known: readonly string[] | null = null;
  /** The steps that it surely refers to. */
  ids: readonly string[] = [];
  /** It is a member of what a reference stands for, so nobody knows whether it is there. */
  isInside = false;
}

const WHOLE = ['', ''];

/** A member or an element of what a whole reference stands for. */
export function memberOf({ text, ids }: UnknownValue, key: string): UnknownValue {
  const made = new UnknownValue();
  made.text = `${text} ${key}`;
  made.known = WHOLE;
  made.ids = ids;
  made.isInside = true;
  return made;
}

/** Whether a text is one reference and nothing else, so that its value may be of any type. */
export function isWhole({ known }: UnknownValue): boolean {
  return known !== null && known.length === 2 && known[0] === '' && known[1] === '';
}

/** Whether nobody knows what a text says, or to which steps it refers. */
export const isOpaque = ({ known }: UnknownValue): boolean => known === null;

/** What is not known in a text; `null` where it holds no opener, `${` or `{{`. In one pass, whatever the text. */
export function readText(text: string): UnknownValue | null {
  let at = text.includes('{') ? openerIn(text, 0) : -1;
  if (at < 0) return null;
  const read = new UnknownValue();
  read.text = text;
  const known: string[] = [];
  const ids: string[] = [];
  read.ids = ids;
  let from = 0;
  let isPlain = true;
  while (at >= 0) {
    const closer = text.charCodeAt(at) === DOLLAR ? '}' : '}}';
    const end = text.indexOf(closer, at + 2);
    const id = end < 0 ? '' : stepIdOf(text.slice(at + 2, end));
    // An opener that is not understood leaves everything open.
    if (id === '') return read;
    isPlain = isPlain && !EXPRESSION.test(id);
    known.push(text.slice(from, at));
    ids.push(id);
    from = end + closer.length;
    at = openerIn(text, from);
  }
  known.push(text.slice(from));
  if (isPlain) read.known = known;
  return read;
}

export const holdsOpener = (text: string): boolean => text.includes('{') && openerIn(text, 0) >= 0;

/** Where the next opener stands, or -1. */
function openerIn(text: string, from: number): number {
  for (let at = text.indexOf('{', from); at >= 0; at = text.indexOf('{', at + 1)) {
    if (at > from && text.charCodeAt(at - 1) === DOLLAR) return at - 1;
    if (text.charCodeAt(at + 1) === OPEN) return at;
  }
  return -1;
}

/** Names, whole numbers and quoted names; anything else is an expression or a filter. */
const PATH = /^(?:\.(?:[\w$-]|[^\0-\x7f\s])+|\[(?:\d+|"[^"\\]*"|'[^'\\]*')\])*$/;
/** In a template such an id could be an expression about others. */
const EXPRESSION = /[\s"'`()[\]|&+*=<>!?,;~^%\\$]/;
const RESULT = '.result';

/** The step that the text between the braces names by `id.result…`; '' where it is anything else. */
function stepIdOf(braced: string): string {
  if (braced.includes('{') || braced.includes('}')) return '';
  const inner = braced.trim();
  for (let at = inner.indexOf(RESULT); at > 0; at = inner.indexOf(RESULT, at + 1)) {
    const behind = inner.slice(at + RESULT.length);
    if (/^[\w$]/.test(behind)) continue;
    const id = inner.slice(0, at);
    return id.trim() === id && PATH.test(behind) ? id : '';
  }
  return '';
}

const UNNAMED = /^\s|\s$|[{}]|\.result(?![\w$])/;

/** Whether a reference can name a step with this id. Most ids are short and of letters, and are told by these alone. */
export function isNameable(id: string): boolean {
  for (let i = 0; i < id.length; i += 1) {
    const unit = id.charCodeAt(i);
    if (unit <= 32 || unit === 46 || unit >= 123) return !UNNAMED.test(id);
  }
  return true;
}
