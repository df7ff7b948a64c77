import type { MappingEntry, MappingNode, YamlNode } from '../ir/node.ts';
import type { Located, Span } from '../ir/source.ts';

/**
 * Typed access to a tree whose shape has been checked. A wrong type here is a bug of the schema, not of the
 * policy, hence `TypeError`.
 */
export class Reader {
  readonly #entries: ReadonlyMap<string, YamlNode>;
  readonly node: MappingNode;

  constructor(node: YamlNode) {
    if (node.kind !== 'mapping') throw new TypeError('schema and reader disagree: a mapping was expected');
    this.node = node;
    this.#entries = new Map(node.entries.map((entry) => [entry.key, entry.value]));
  }

  get(key: string): YamlNode | undefined {
    return this.#entries.get(key);
  }

  items(key: string): readonly YamlNode[] {
    const node = this.get(key);
    if (node === undefined) return [];
    return node.kind === 'sequence' ? node.items : [node];
  }

  text(key: string): Located<string> | undefined {
    const node = this.get(key);
    return node && located(node, 'string');
  }

  number(key: string): Located<number> | undefined {
    const node = this.get(key);
    return node && located(node, 'number');
  }

  flag(key: string): Located<boolean> | undefined {
    const node = this.get(key);
    return node && located(node, 'boolean');
  }

  /** The entries below a key; none where it is absent. */
  entries(key: string): readonly MappingEntry[] {
    const node = this.get(key);
    return node ? new Reader(node).node.entries : [];
  }

  keySpan(key: string): Span {
    return this.node.entries.find((entry) => entry.key === key)?.keySpan ?? this.node.span;
  }
}

interface TypeByName {
  string: string;
  number: number;
  boolean: boolean;
}

export function located<T extends keyof TypeByName>(node: YamlNode, type: T): Located<TypeByName[T]> {
  if (node.kind !== 'scalar' || typeof node.value !== type) {
    throw new TypeError(`schema and reader disagree: a ${type} was expected`);
  }
  return { value: node.value as TypeByName[T], span: node.span };
}

/** Narrows a located string to a member of a closed list the schema has checked it against. */
export function member<T extends string>(
  found: Located<string> | undefined,
  list: readonly T[],
): Located<T> | undefined {
  const value = list.find((item) => item === found?.value);
  return found && value !== undefined ? { value, span: found.span } : undefined;
}
