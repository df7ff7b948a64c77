import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { PolicyDocument } from '../ir/document.ts';
import type { Span } from '../ir/source.ts';
import { plain } from '../spelling/index.ts';

/** A path or a policy's name, and the file that goes by it. */
interface Called {
  readonly text: string;
  readonly document: PolicyDocument;
  readonly isPath: boolean;
}

/** Two texts that a reader, or a file system without case, takes for one. */
const seen = (text: string): string => plain(text).toLowerCase();

/**
 * Reports files and policies that pass for one another: their names differ in case, in letters of another alphabet or in
 * what is not seen, or the name of a policy is the path of another file. Whoever reads `extends: base.yaml` must know
 * what stands there.
 */
export function checkLookAlikes(documents: readonly PolicyDocument[], diagnostics: Diagnostics): void {
  const bySight = new Map<string, Called[]>();
  for (const document of documents) {
    const names = document.aliases.map((text): Called => ({ text, document, isPath: false }));
    for (const called of [{ text: document.file.path, document, isPath: true }, ...names]) {
      const key = seen(called.text);
      bySight.set(key, [...(bySight.get(key) ?? []), called]);
    }
  }
  for (const group of bySight.values()) {
    const [first] = group;
    for (const next of group.slice(1)) {
      const other = group.find((one) => one.document !== next.document && passesFor(one, next));
      if (!first || !other || group.indexOf(other) > group.indexOf(next)) continue;
      const related = [{ message: `the other one: ${visible(other.text)}`, span: placeOf(other) }];
      const texts = { name: visible(next.text), other: visible(other.text) };
      diagnostics.report('PL2014', texts, placeOf(next), related);
    }
  }
}

/** Names that are the same text are told apart, or refused, where they are used. */
const passesFor = (a: Called, b: Called): boolean => a.text !== b.text || a.isPath !== b.isPath;

function placeOf({ text, document, isPath }: Called): Span {
  const named = isPath
    ? undefined
    : document.policies.find(({ name, nameSpan }) => name === text && nameSpan);
  return named?.nameSpan ?? { file: document.file, start: 0, end: 0 };
}

/** With a character's number in place of each that cannot be told by looking. */
const visible = (text: string): string =>
  text.replace(/[^\x20-\x7e]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
