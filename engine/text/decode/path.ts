/** Paths of files, as POSIX resolves them, by their text alone: where a link leads nobody can tell from it. */
import { isDecodable, UNREADABLE } from './form.ts';
import type { Form } from './form.ts';

/**
 * A path without `.`, `..`, empty segments and a slash at its end: `/srv/data`, `../x`, `.` for the place itself. Nothing lies
 * above `/`.
 */
export function plainPath(path: string): string {
  const isAbsolute = path.startsWith('/');
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    const isUp = segment === '..';
    if (isUp && kept.length > 0 && kept[kept.length - 1] !== '..') kept.pop();
    else if (!isUp || !isAbsolute) kept.push(segment);
  }
  const joined = kept.join('/');
  if (isAbsolute) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

/**
 * What is another path for another reader: a backslash (Windows), a drive or a scheme in front, a home directory or a
 * variable that a shell puts in, control characters, white space at an end.
 */
const UNCLEAR = /[\\$\p{Cc}]|^[a-z][a-z\d+.-]*:|^~|^\s|\s$/iu;

export const pathForm: Form = {
  whole: (text) => (text === '' || UNCLEAR.test(text) || !isDecodable(text) ? UNREADABLE : plainPath(text)),
};
