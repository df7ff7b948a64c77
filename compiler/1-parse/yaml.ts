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
} from 'js-yaml';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { MappingEntry, MappingNode, ScalarNode, SequenceNode, YamlNode } from '../ir/node.ts';
import type { SourceFile, Span } from '../ir/source.ts';
import { eventsOf } from './yaml-events.ts';
import type { Event } from './yaml-events.ts';
import { yamlProblem } from './yaml-words.ts';

type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;
type CollectionEvent = Extract<Event, { type: typeof EVENT_ID.MAPPING | typeof EVENT_ID.SEQUENCE }>;

const MAX_NODES = 200_000;

/** A tree that is being built, or the reason why none can be. */
class Refused extends Error {}

/**
 * Reads one YAML 1.2 document (core schema, §10.3 of the specification) into a tree with places: js-yaml's
 * parser events give both the values and the offsets. Refused: tags, duplicate keys, keys that are not strings,
 * several documents, aliases that multiply. Returns `null` after it has reported why.
 */
export function parseYaml(file: SourceFile, diagnostics: Diagnostics): YamlNode | null {
  try {
    return new TreeBuilder(file, diagnostics).build(eventsOf(file.text));
  } catch (error) {
    if (error instanceof Refused) return null;
    if (!(error instanceof YAMLException)) throw error;
    const { reason, hint, start, end } = yamlProblem(file.text, error.reason, error.mark?.position ?? 0);
    diagnostics.report('PL1001', { reason, hint }, { file, start, end });
    return null;
  }
}

class TreeBuilder {
  readonly #file: SourceFile;
  readonly #diagnostics: Diagnostics;
  readonly #anchors = new Map<string, YamlNode | 'open'>();
  #events: readonly Event[] = [];
  #next = 0;
  #nodes = 0;
  #flawed = false;

  constructor(file: SourceFile, diagnostics: Diagnostics) {
    this.#file = file;
    this.#diagnostics = diagnostics;
  }

  build(events: readonly Event[]): YamlNode | null {
    this.#events = events;
    const whole = this.#span(0, 0);
    const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT).length;
    if (documents > 1) this.#refuse('PL1006', { count: documents }, whole);
    if (documents === 0 || events[1]?.type === EVENT_ID.POP) this.#refuse('PL1007', undefined, whole);
    this.#next = 1;
    const node = this.#node();
    return this.#flawed ? null : node;
  }

  #span(start: number, end: number): Span {
    return { file: this.#file, start, end };
  }

  #refuse(...[code, params, span]: Parameters<Diagnostics['report']>): never {
    this.#diagnostics.report(code, params, span);
    throw new Refused();
  }

  #node(): YamlNode {
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

  #anchored(event: ScalarEvent | CollectionEvent, read: () => YamlNode): YamlNode {
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

  #alias(start: number, end: number): YamlNode {
    const name = this.#file.text.slice(start, end);
    const target = this.#anchors.get(name);
    if (target === undefined || target === 'open') {
      const reason = target
        ? `the alias \`*${name}\` stands inside its own anchor`
        : `the anchor \`&${name}\` is not defined above`;
      const hint = target ? null : `a glob that begins with \`*\` stands in quotes: "*${name}"`;
      this.#refuse('PL1001', { reason, hint }, this.#span(start - 1, end));
    }
    this.#count(size(target));
    // The value is the anchor's, the place is the alias's: a mistake is shown where it was written last.
    return { ...target, span: this.#span(start - 1, end) };
  }

  #count(nodes: number): void {
    this.#nodes += nodes;
    if (this.#nodes <= MAX_NODES) return;
    const hasAliases = this.#events.some((event) => event.type === EVENT_ID.ALIAS);
    this.#refuse('PL1005', { limit: MAX_NODES, hasAliases }, this.#span(0, 0));
  }

  #scalar(event: ScalarEvent): ScalarNode {
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

  #plain(text: string, span: Span): ScalarNode['value'] {
    for (const tag of [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag]) {
      const value = tag.resolve(text, false, tag.tagName);
      if (value === NOT_RESOLVED) continue;
      if (tag === intCoreTag && !Number.isSafeInteger(value)) this.#flaw('PL1010', { text }, span);
      return value;
    }
    return this.#string(text, span);
  }

  #string(text: string, span: Span): string {
    if (!text.isWellFormed()) this.#flaw('PL1009', undefined, span);
    return text;
  }

  #flaw(...[code, params, span]: Parameters<Diagnostics['report']>): void {
    this.#diagnostics.report(code, params, span);
    this.#flawed = true;
  }

  #sequence(event: CollectionEvent): SequenceNode {
    const items: YamlNode[] = [];
    while (this.#events[this.#next]?.type !== EVENT_ID.POP) items.push(this.#node());
    this.#next += 1;
    return { kind: 'sequence', items, span: this.#span(event.start, lastEnd(items, event.start + 1)) };
  }

  #mapping(event: CollectionEvent): MappingNode {
    const entries: MappingEntry[] = [];
    const seen = new Map<string, Span>();
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

function lastEnd(nodes: readonly YamlNode[], otherwise: number): number {
  return nodes.at(-1)?.span.end ?? otherwise;
}

function size(node: YamlNode): number {
  if (node.kind === 'scalar') return 1;
  const children = node.kind === 'sequence' ? node.items : node.entries.map((entry) => entry.value);
  return children.reduce((sum, child) => sum + size(child), 1);
}
