/** A tool's input as the rest of the compiler takes it: a JSON Schema of a draft that is read, in itself sound. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { CatalogTool, JsonObject } from '../ir/catalog.ts';
import type { MappingNode, YamlNode } from '../ir/node.ts';
import { dialectOf } from '../ir/schema.ts';
import type { Located } from '../ir/source.ts';
import { checkReferences } from './catalog-references.ts';
import type { InexactNumbers } from './json.ts';
import { isValid } from './meta-schema.ts';
import { fromGemini, laterKeyword, limitsOfDraft4 } from './schema-dialects.ts';
import { rewriteSchemas } from './schema-nodes.ts';
import { exactLimits } from './schema-numbers.ts';
import { locate, plain } from './shape.ts';

interface Reading {
  readonly inexact: InexactNumbers;
  /** Whether the schema is in Gemini's words. */
  readonly isGemini: boolean;
  readonly diagnostics: Diagnostics;
}

/** The input of a tool; reports what is wrong with it. */
export function readInput(
  name: Located<string>,
  written: YamlNode,
  { inexact, isGemini, diagnostics }: Reading,
): CatalogTool | null {
  const tool = name.value;
  const refuse = (reason: string, pointer: string): null => {
    diagnostics.report('PL1505', { tool, reason }, locate(written, pointer).span);
    return null;
  };
  if (written.kind !== 'mapping') return refuse('it must be an object', '');
  const dialect = dialectOf(plain(written) as JsonObject);
  if (!dialect)
    return refuse('its `$schema` is none of 2020-12, 2019-09, draft-07, draft-06, draft-04', '/$schema');
  const later: Located<string>[] = [];
  const node = rewriteSchemas(written, (schema): MappingNode => {
    const early = laterKeyword(schema, dialect);
    if (early) later.push(early);
    const limited = exactLimits(schema, inexact, diagnostics);
    const translated = isGemini ? fromGemini(limited) : limited;
    return dialect === 'draft-04' ? limitsOfDraft4(translated) : translated;
  });
  const [first] = later;
  if (first) {
    const reason = `\`${first.value}\` says nothing in ${dialect}, which its \`$schema\` names`;
    diagnostics.report('PL1505', { tool, reason }, first.span);
    return null;
  }
  const schema = plain(node) as JsonObject;
  const input = { tool, schema, node, dialect, diagnostics };
  if (isValid(input, schema, '')) checkReferences(input);
  return { name, input: schema, inputNode: node };
}
