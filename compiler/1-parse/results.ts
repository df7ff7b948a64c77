/** `results`: what must not stand in what calls give. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { RESULT_ACTIONS } from '../ir/document.ts';
import type { ResultDeclaration } from '../ir/document.ts';
import { checkGlobs } from './pattern.ts';
import { Reader, located, member } from './read.ts';
import { reportReferencesIn } from './references.ts';

export function readResults(reader: Reader, diagnostics: Diagnostics): readonly ResultDeclaration[] {
  return reader.items('results').map((node): ResultDeclaration => {
    const own = new Reader(node);
    const tools = own.items('tool').map((item) => located(item, 'string'));
    checkGlobs(tools, diagnostics);
    const regexes = own
      .items('deny_tokens_regex')
      .filter((item) => !reportReferencesIn(item, 'setting', diagnostics))
      .map((item) => located(item, 'string'));
    return { tools, regexes, action: member(own.text('action'), RESULT_ACTIONS)?.value ?? 'block' };
  });
}
