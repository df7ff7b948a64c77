import {
  EVENT_ID,
  NOT_RESOLVED,
  SCALAR_STYLE,
  YAMLException,
  boolCoreTag,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  nullCoreTag,
  parseEvents,
} from 'js-yaml';
const MAX_DEPTH = 64;
const MAX_NODES = 200_000;
/** A tree that is being built, or the reason why none can be. */
class Refused extends Error {}
/**
 * Reads one YAML 1.2 document (core schema, §10.3 of the specification) into a tree with places: js-yaml's
 * parser events give both the values and the offsets. Refused: tags, duplicate keys, keys that are not strings,
 * several documents, aliases that multiply. Returns `null` after it has reported why.
 */
export function parseYaml(file, diagnostics) {
  try {
    return new TreeBuilder(file, diagnostics).build(
      parseEvents(file.text, { filename: file.path, maxDepth: MAX_DEPTH }),
    );
  } catch (error) {
    if (error instanceof Refused) return null;
    if (!(error instanceof YAMLException)) throw error;
    const start = Math.min(error.mark?.position ?? 0, file.text.length);
    diagnostics.report('PL1001', { reason: error.reason }, { file, start, end: start + 1 });
    return null;
  }
}
class TreeBuilder {
  #file;
  #diagnostics;
  #anchors = new Map();
  #events = [];
  #next = 0;
  #nodes = 0;
  #flawed = false;
  constructor(file, diagnostics) {
    this.#file = file;
    this.#diagnostics = diagnostics;
  }
  build(events) {
    this.#events = events;
    const whole = this.#span(0, 0);
    const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT).length;
    if (documents > 1) this.#refuse('PL1006', { count: documents }, whole);
    if (documents === 0 || events[1]?.type === EVENT_ID.POP) this.#refuse('PL1007', undefined, whole);
    this.#next = 1;
    const node = this.#node();
    return this.#flawed ? null : node;
  }
  #span(start, end) {
    return { file: this.#file, start, end };
  }
  #refuse(...[code, params, span]) {
    this.#diagnostics.report(code, params, span);
    throw new Refused();
  }
  #node() {
    const event = this.#events[this.#next];
    this.#next += 1;
    if (!event) throw new Refused();
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.#anchored(event, () => this.#scalar(event));
      case EVENT_ID.SEQUENCE:
        return this.#anchored(event, () => this.#sequence(event));
      case EVENT_ID.MAPPING:
        return this.#anchored(event, () => this.#mapping(event));
      case EVENT_ID.ALIAS:
        return this.#alias(event.anchorStart, event.anchorEnd);
      default:
        throw new Refused();
    }
  }
  #anchored(event, read) {
    this.#count(1);
    if (event.tagStart >= 0) {
      const tag = this.#file.text.slice(event.tagStart, event.tagEnd);
      this.#refuse('PL1003', { tag }, this.#span(event.tagStart, event.tagEnd));
    }
    if (event.anchorStart < 0) return read();
    const name = this.#file.text.slice(event.anchorStart, event.anchorEnd);
    this.#anchors.set(name, 'open');
    const node = read();
    this.#anchors.set(name, node);
    return node;
  }
  #alias(start, end) {
    const name = this.#file.text.slice(start, end);
    const target = this.#anchors.get(name);
    if (target === undefined || target === 'open') {
      const reason = target
        ? `the alias \`*${name}\` stands inside its own anchor`
        : `the anchor \`&${name}\` is not defined above`;
      this.#refuse('PL1001', { reason }, this.#span(start - 1, end));
    }
    this.#count(size(target));
    // The value is the anchor's, the place is the alias's: a mistake is shown where it was written last.
    return { ...target, span: this.#span(start - 1, end) };
  }
  #count(nodes) {
    this.#nodes += nodes;
    if (this.#nodes > MAX_NODES) this.#refuse('PL1005', { limit: MAX_NODES }, this.#span(0, 0));
  }
  #scalar(event) {
    const absent = event.valueStart < 0;
    const before = this.#events[this.#next - 2];
    const at = before?.type === EVENT_ID.SCALAR ? before.valueEnd : 0;
    // The offsets of a quoted scalar leave out its quotes; a caret should point at them.
    const quote =
      event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0;
    const span = absent
      ? this.#span(at, at + 1)
      : this.#span(event.valueStart - quote, event.valueEnd + quote);
    const text = absent ? '' : getScalarValue(this.#file.text, event);
    if (event.style !== SCALAR_STYLE.PLAIN) return { kind: 'scalar', value: this.#string(text, span), span };
    return { kind: 'scalar', value: this.#plain(text, span), span };
  }
  #plain(text, span) {
    for (const tag of [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag]) {
      const value = tag.resolve(text, false, tag.tagName);
      if (value === NOT_RESOLVED) continue;
      if (tag === intCoreTag && !Number.isSafeInteger(value)) this.#flaw('PL1010', { text }, span);
      return value;
    }
    return this.#string(text, span);
  }
  #string(text, span) {
    if (!text.isWellFormed()) this.#flaw('PL1009', undefined, span);
    return text;
  }
  #flaw(...[code, params, span]) {
    this.#diagnostics.report(code, params, span);
    this.#flawed = true;
  }
  #sequence(event) {
    const items = [];
    while (this.#events[this.#next]?.type !== EVENT_ID.POP) items.push(this.#node());
    this.#next += 1;
    return { kind: 'sequence', items, span: this.#span(event.start, lastEnd(items, event.start + 1)) };
  }
  #mapping(event) {
    const entries = [];
    const seen = new Map();
    while (this.#events[this.#next]?.type !== EVENT_ID.POP) {
      const key = this.#node();
      if (key.kind !== 'scalar' || typeof key.value !== 'string') {
        const what =
          key.kind === 'scalar'
            ? `the ${key.value === null ? 'null' : typeof key.value} \`${String(key.value)}\``
            : `a ${key.kind}`;
        this.#refuse('PL1004', { what }, key.span);
      }
      const first = seen.get(key.value);
      if (first) {
        this.#diagnostics.report('PL1002', { key: key.value }, key.span, [
          { message: 'first written here', span: first },
        ]);
        this.#flawed = true;
      }
      seen.set(key.value, key.span);
      entries.push({ key: key.value, keySpan: key.span, value: this.#node() });
    }
    this.#next += 1;
    const end = lastEnd(
      entries.map((entry) => entry.value),
      event.start + 1,
    );
    return { kind: 'mapping', entries, span: this.#span(event.start, end) };
  }
}
function lastEnd(nodes, otherwise) {
  return nodes.at(-1)?.span.end ?? otherwise;
}
function size(node) {
  if (node.kind === 'scalar') return 1;
  const children = node.kind === 'sequence' ? node.items : node.entries.map((entry) => entry.value);
  return children.reduce((sum, child) => sum + size(child), 1);
}
