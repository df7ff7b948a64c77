/** What stands for a value that does not exist yet, read naively: from the left, one opener after the other. */
/** A string of the arguments in which something is not known. */
export class Later {
  readonly text: string;
  /** What is known, around the references; `null`: nobody knows what the text says. */
  readonly known: readonly string[] | null;
  readonly ids: readonly string[];

  constructor(text: string, known: readonly string[] | null, ids: readonly string[]) {
    this.text = text;
    this.known = known;
    this.ids = ids;
  }

  /** It is one reference and nothing else, so the value may be of any type. */
  get isWhole(): boolean {
    return this.known?.length === 2 && this.known.join('') === '';
  }
}

/** A member of a value that is not known: it may not even be there. */
export const INSIDE = Symbol('inside a value that is not known');

const INSIDE_BRACES =
  /^\s*(?<id>[^{}\s](?:[^{}]*?[^{}\s])??)\.result(?![\w$])(?<path>(?:\.(?:[\w$-]|[^\0-\x7f\s])+|\[(?:\d+|"[^"\\{}]*"|'[^'\\{}]*')\])*)\s*$/;
/** In templates such an id would be an expression. */
const EXPRESSION = /[\s"'`()[\]|&+*=<>!?,;~^%\\$]/;

/** `null` for a text without an opener. */
export function readText(text: string): Later | null {
  const known: string[] = [];
  const ids: string[] = [];
  let isOpaque = false;
  let rest = text;
  for (;;) {
    const opener = /\$\{|\{\{/.exec(rest);
    if (!opener) break;
    const closer = opener[0] === '{{' ? '}}' : '}';
    const behind = rest.slice(opener.index + 2);
    const end = behind.indexOf(closer);
    const groups = end < 0 ? null : INSIDE_BRACES.exec(behind.slice(0, end))?.groups;
    const id = groups?.['id'];
    if (id === undefined || /\.result(?![\w$])/.test(id)) return new Later(text, null, ids);
    isOpaque ||= EXPRESSION.test(id);
    known.push(rest.slice(0, opener.index));
    ids.push(id);
    rest = behind.slice(end + closer.length);
  }
  if (ids.length === 0) return null;
  return new Later(text, isOpaque ? null : [...known, rest], ids);
}

/** The same value with everything in it read; what stands below the names in `templates` is meant as it stands. */
export function withReferences(value: unknown, templates: readonly string[] = []): unknown {
  if (typeof value === 'string') return readText(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => withReferences(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      templates.includes(key) ? member : withReferences(member),
    ]),
  );
}

/** Every text of a value that has been read in which something is not known. */
export function laterIn(value: unknown): readonly Later[] {
  if (value instanceof Later) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(laterIn) : [];
}

/** A text without what some reading leaves out of account; `null` where nobody says what that is. */
export function bare(text: string, folds: boolean, plain: boolean): string | null {
  if (plain && [...text].some((c) => c < ' ' || c > '~')) return null;
  return folds ? text.toLowerCase().toUpperCase().toLowerCase().replaceAll('\u03c2', '\u03c3') : text;
}

/** Whether a text of these known parts, whatever stands between them, can be the other text. */
export function canBe(parts: readonly string[], text: string): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop() ?? '';
  const whole = text.trim();
  const head = first.trimStart();
  const tail = last.trimEnd();
  if (!whole.startsWith(head) || !whole.slice(head.length).endsWith(tail)) return false;
  let between = whole.slice(head.length, whole.length - tail.length);
  for (const part of others) {
    const at = between.indexOf(part);
    if (at < 0) return false;
    between = between.slice(at + part.length);
  }
  return true;
}
