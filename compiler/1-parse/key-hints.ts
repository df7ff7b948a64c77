/** What to say of a key that is none here: what was meant, or where else it belongs. */
import { nearest } from '../diagnostics/near.ts';
import { synonymOf } from '../diagnostics/synonyms.ts';
import { oddSpaceIn } from './yaml-words.ts';

/** A key that others call so, and what it is a key of. */
export interface KeyElsewhere {
  readonly key: string;
  readonly homes: readonly string[];
}

/** Facts about a key that is none, for a hint. */
export interface KeyHint {
  /** The key that was meant, by its spelling or because others call it so. */
  readonly near: string | null;
  /** Others call it so: nothing else can be meant. */
  readonly isSynonym: boolean;
  /** What this is a key of, elsewhere in the file. */
  readonly homes: readonly string[];
  /** A key by another name, of something else. */
  readonly elsewhere: KeyElsewhere | null;
  /** What this language has instead of such a key. */
  readonly instead: string | null;
}

const DENIED =
  '`allow_tools` lists what plans may use, and all else is denied; to deny some tools only, write a rule with `pattern: {tool: shell.*}`';

/** What has no counterpart that is a single key. */
const INSTEAD: Readonly<Record<string, string>> = {
  blacklist: DENIED,
  blocklist: DENIED,
  denied_tools: DENIED,
  deny: DENIED,
  deny_tools: DENIED,
  disabled: 'a rule holds where it stands; to let it report only, write `enforcement: audit`',
  enabled: 'a rule holds where it stands; to let it report only, write `enforcement: audit`',
  except: 'name what is excused under `exceptions:` of the policy, or add a test under `not:`',
  forbidden_tools: DENIED,
  unless: 'name what is excused under `exceptions:` of the policy, or add a test under `not:`',
  version:
    'policies have no version of their own: `plan-lint bundle --sequence` and `--release` give the bundle one',
};

/** @param schema - the whole schema, in which the key may have its place elsewhere */
export function hintOfKey(key: string, known: readonly string[], schema: object): KeyHint {
  const synonym = synonymOf(key, 'key', known);
  return {
    near: synonym ?? nearest(key, known),
    isSynonym: synonym !== null,
    homes: homesOf(key, schema),
    elsewhere: elsewhere(key, schema),
    instead: oddSpaceNote(key) ?? (Object.hasOwn(INSTEAD, key) ? (INSTEAD[key] ?? null) : null),
  };
}

function elsewhere(word: string, schema: object): KeyElsewhere | null {
  const key = synonymOf(word, 'key', keysOf(schema));
  const homes = key === null ? [] : homesOf(key, schema);
  return key === null || homes.length === 0 ? null : { key, homes };
}

function oddSpaceNote(key: string): string | null {
  const odd = oddSpaceIn(key);
  return odd && `${odd.name} stands in front of it: delete it and type a blank`;
}

/** Titles of the mappings in a schema that have a key; a few, or none. */
function homesOf(key: string, schema: object): readonly string[] {
  const titles = new Set(
    mappingsOf(schema).flatMap(({ title, properties }) =>
      Object.hasOwn(properties, key) && title !== null ? [title] : [],
    ),
  );
  const usual = USUAL_HOMES.find((title) => titles.has(title));
  if (usual !== undefined) return [usual];
  return titles.size > MOST_HOMES ? [] : [...titles];
}

const keysOf = (schema: object): readonly string[] =>
  mappingsOf(schema).flatMap(({ properties }) => Object.keys(properties));

interface MappingShape {
  readonly title: string | null;
  readonly properties: object;
}

/** What a schema says of mappings, wherever in it. */
function mappingsOf(schema: object): readonly MappingShape[] {
  const shapes: MappingShape[] = [];
  const seen = new Set<object>();
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    const { title, properties } = node as { readonly title?: unknown; readonly properties?: object };
    if (properties) shapes.push({ title: typeof title === 'string' ? title : null, properties });
    Object.values(node).forEach(look);
  };
  look(schema);
  return shapes;
}

/** Where a key is most often meant to stand, though others have it, too. */
const USUAL_HOMES = ['a pattern', 'a rule'] as const;

/** A key of more things than these says little by them. */
const MOST_HOMES = 3;
