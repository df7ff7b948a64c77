/** Whether arguments satisfy the input schema that a catalog has for a tool, read off the catalog's own text. */
import type { ToolCatalog } from '../../compiler/ir/catalog.ts';
import { Judge } from './json-schema.ts';
import type { Json, Keywords, Schema } from './json-schema.ts';
import type { Outlook } from './truth.ts';
import { laterIn, Later } from './references.ts';

interface Read {
  readonly judge: Judge;
  readonly input: Keywords;
}
const read = new WeakMap<ToolCatalog, Map<string, Read>>();

/** Whether arguments break the schema of their tool: for sure, or for what their references may turn out to be. */
export function breaks(catalog: ToolCatalog, tool: string, args: Readonly<Record<string, unknown>>): Outlook {
  let judges = read.get(catalog);
  if (!judges) {
    const { tools } = JSON.parse(catalog.file.text) as { tools: { name: string; inputSchema: Keywords }[] };
    judges = new Map(
      tools.map(({ name, inputSchema }) => [
        name,
        { input: inputSchema, judge: new Judge(inputSchema, (value) => value instanceof Later) },
      ]),
    );
    read.set(catalog, judges);
  }
  const own = judges.get(tool);
  if (!own) return [false];
  if (!own.judge.admits(args as Json)) return [true];
  const asks = (name: string, value: unknown): boolean => mattersFor(own.input, name, value);
  const open = Object.entries(args).filter(([name, value]) => asks(name, value));
  if (open.some(([, value]) => laterIn(value).some(({ known }) => known === null))) return ['unknown'];
  return open.length > 0 ? [true, false] : [false];
}

const ANNOTATIONS =
  'title description default examples deprecated readOnly writeOnly $comment format contentEncoding contentMediaType';
const WORDS =
  'type $schema $id properties required additionalProperties $defs definitions minProperties maxProperties';

const wordsOf = (schema: object): readonly string[] =>
  Object.keys(schema).filter((word) => !word.startsWith('x-') && !ANNOTATIONS.split(' ').includes(word));

/** Whether it matters to the schema what the references in an argument stand for. */
function mattersFor(input: Keywords, name: string, value: unknown): boolean {
  const found = laterIn(value);
  if (found.length === 0) return false;
  if (wordsOf(input).some((word) => !WORDS.split(' ').includes(word))) return true;
  const { properties = {}, additionalProperties = true } = input;
  const schema: Schema = Object.hasOwn(properties, name) ? (properties[name] ?? true) : additionalProperties;
  if (typeof schema === 'boolean') return false;
  const words = wordsOf(schema);
  if (words.length === 0) return false;
  const isTextAlone = words.join() === 'type' && [schema.type].flat().includes('string');
  return !(isTextAlone && value instanceof Later && value.known !== null && !value.isWhole);
}
