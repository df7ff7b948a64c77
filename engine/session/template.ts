/** The texts of a plan that are run: what of them is known, and which results stand between. */
import { readText } from '../text/references.ts';
import type { Template } from '@plan-lint/runtime/contract';

const NAMES = /\.([^.[]+)|\[(\d+)\]|\["([^"]*)"\]|\['([^']*)'\]/g;
const RESULT = '.result';

/** `null` for a text without an opener. One that is not wholly understood has no parts: it must arrive as it is written. */
export function templateOf(text: string): Template | null {
  const read = readText(text);
  if (read === null) return null;
  const { known, ids } = read;
  if (known === null) return { known: null, references: [] };
  let at = 0;
  const references = ids.map((id, i) => {
    at += (known[i] as string).length;
    const closer = text.startsWith('${', at) ? '}' : '}}';
    const end = text.indexOf(closer, at + 2);
    const path = text
      .slice(at + 2, end)
      .trim()
      .slice(id.length + RESULT.length);
    at = end + closer.length;
    const names: string[] = [];
    for (const [, name, index, quoted, other] of path.matchAll(NAMES))
      names.push(name ?? index ?? quoted ?? other ?? '');
    return { id, path: names };
  });
  return { known, references };
}
