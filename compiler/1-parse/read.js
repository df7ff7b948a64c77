/**
 * Typed access to a tree whose shape has been checked. A wrong type here is a bug of the schema, not of the
 * policy, hence `TypeError`.
 */
export class Reader {
  #entries;
  node;
  constructor(node) {
    if (node.kind !== 'mapping') throw new TypeError('schema and reader disagree: a mapping was expected');
    this.node = node;
    this.#entries = new Map(node.entries.map((entry) => [entry.key, entry.value]));
  }
  get(key) {
    return this.#entries.get(key);
  }
  items(key) {
    const node = this.get(key);
    return node === undefined ? [] : node.kind === 'sequence' ? node.items : [node];
  }
  text(key) {
    const node = this.get(key);
    return node && located(node, 'string');
  }
  number(key) {
    const node = this.get(key);
    return node && located(node, 'number');
  }
  flag(key) {
    const node = this.get(key);
    return node && located(node, 'boolean');
  }
  /** The entries below a key; none where it is absent. */
  entries(key) {
    const node = this.get(key);
    return node ? new Reader(node).node.entries : [];
  }
  keySpan(key) {
    return this.node.entries.find((entry) => entry.key === key)?.keySpan ?? this.node.span;
  }
}
export function located(node, type) {
  if (node.kind !== 'scalar' || typeof node.value !== type) {
    throw new TypeError(`schema and reader disagree: a ${type} was expected`);
  }
  return { value: node.value, span: node.span };
}
/** Narrows a located string to a member of a closed list the schema has checked it against. */
export function member(found, list) {
  const value = list.find((item) => item === found?.value);
  return found && value !== undefined ? { value, span: found.span } : undefined;
}
