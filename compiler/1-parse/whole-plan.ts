import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { YamlNode } from '../ir/node.ts';
import { pathProblem } from '../ir/path.ts';
import type { Located } from '../ir/source.ts';
import { EVIDENCE, FAILURE_WORDS, ORDERS, WHOLE_PLAN_KINDS } from '../ir/whole-plan.ts';
import type {
  Limit,
  MaxCallsBody,
  MaxTotalBody,
  Order,
  PathPair,
  ToolArg,
  ToolList,
  WholePlanBody,
  Window,
} from '../ir/whole-plan.ts';
import { globsMeet } from '../glob/meets.ts';
import { durationOf } from './duration.ts';
import { paramName, shown } from './operand.ts';
import { checkGlobs } from './pattern.ts';
import { Reader, located, member } from './read.ts';
import { reportReferencesIn } from './references.ts';

type Kind = WholePlanBody['kind'];

/** Keys of a rule that say how it is asked; of these a rule about the whole plan has its kind alone. */
const OTHERS = ['scope', ...WHOLE_PLAN_KINDS];

/** A rule, and the order of steps where it does not say it. */
interface Declared {
  readonly rule: Reader;
  readonly order: Order;
}

/** Reads the body of a rule about the whole plan; `null` after it has reported what is wrong. */
export function readWholePlan(
  kind: Kind,
  declared: Declared,
  diagnostics: Diagnostics,
): WholePlanBody | null {
  const { rule } = declared;
  const other = OTHERS.find((key) => key !== kind && rule.get(key));
  if (other) {
    diagnostics.report('PL1301', { kind, other }, rule.keySpan(other), [
      { message: 'the rule is of this kind', span: rule.keySpan(kind) },
    ]);
    return null;
  }
  const node = rule.get(kind);
  return node ? new BodyReader(kind, new Reader(node), declared, diagnostics).read() : null;
}

/** Reads the keys of one body; `#fine` turns false with the first that has been reported. */
class BodyReader {
  readonly #kind: Kind;
  readonly #reader: Reader;
  readonly #rule: Reader;
  readonly #order: Order;
  readonly #diagnostics: Diagnostics;
  #fine = true;

  constructor(kind: Kind, reader: Reader, { rule, order }: Declared, diagnostics: Diagnostics) {
    this.#kind = kind;
    this.#reader = reader;
    this.#rule = rule;
    this.#order = order;
    this.#diagnostics = diagnostics;
  }

  read(): WholePlanBody | null {
    const body = this.#body();
    return this.#fine ? body : null;
  }

  #body(): WholePlanBody | null {
    const kind = this.#kind;
    const span = this.#rule.keySpan(kind);
    const tools = kind === 'flows' ? this.#sinks() : this.#tools('tool');
    const base = { span, tools };
    const order = member(this.#reader.text('order'), ORDERS)?.value ?? this.#order;
    switch (kind) {
      case 'max_calls':
        return { kind, ...base, ...this.#counted(Number.isSafeInteger) };
      case 'max_total': {
        const amounts = this.#amounts(tools);
        const counted = this.#counted(Number.isFinite);
        return { kind, ...base, ...amounts, ...counted };
      }
      case 'require_before': {
        const before = this.#tools('before');
        return { kind, ...base, before, same: this.#same(), order, within: this.#within() };
      }
      case 'require_after': {
        const onFailure = this.#reader.flag('on_failure')?.value ?? true;
        const pairing = { after: this.#tools('after'), same: this.#same(), order };
        return { kind, ...base, ...pairing, onFailure, whileOwed: this.#whileOwed() };
      }
      case 'flows': {
        this.#oneOf('from', 'from_context');
        const fromContext = this.#reader.items('from_context').flatMap((item) => this.#many(item));
        const evidence = member(this.#reader.text('evidence'), EVIDENCE)?.value ?? 'value';
        const [from, through] = [this.#tools('from'), this.#tools('through')];
        return { kind, ...base, into: this.#into(), from, fromContext, through, evidence };
      }
      case 'separate_duty': {
        const by = this.#reader.get('by');
        const other = this.#tools('other');
        return { kind, ...base, other, by: by ? this.#pair(by, 'by') : null, same: this.#same() };
      }
      case 'on_fail': {
        this.#oneOf('allow', 'handler');
        const written = this.#reader.items('allow').map((item) => located(item, 'string').value);
        const allow = FAILURE_WORDS.filter((word) => written.includes(word));
        return { kind, ...base, allow, handlers: this.#tools('handler') };
      }
    }
  }

  #tools(key: string): ToolList {
    return this.#globs(this.#reader.items(key));
  }

  #globs(nodes: readonly YamlNode[]): ToolList {
    const tools = nodes.map((item) => located(item, 'string'));
    if (!checkGlobs(tools, this.#diagnostics)) this.#fine = false;
    return tools;
  }

  /** The items of `to` that are tools; the others are arguments of some. */
  #sinks(): ToolList {
    return this.#globs(this.#reader.items('to').filter(({ kind }) => kind !== 'mapping'));
  }

  #into(): readonly ToolArg[] {
    return this.#reader
      .items('to')
      .flatMap((item) => (item.kind === 'mapping' ? this.#toolArg(item, true) : []));
  }

  /** @param many - whether the path may lead to several values */
  #toolArg(node: YamlNode, many = false): readonly ToolArg[] {
    const reader = node.kind === 'mapping' ? new Reader(node) : null;
    const written = reader?.text('arg');
    const arg = written && (many ? this.#checked(written)[0] : this.#single(written, 'arg'));
    return reader && arg ? [{ tools: this.#globs(reader.items('tool')), arg }] : [];
  }

  /** What is added up: one argument of all tools, or one by tool. */
  #amounts(own: ToolList): Pick<MaxTotalBody, 'tools' | 'arg' | 'of'> {
    if (!this.#reader.get('of')) {
      for (const key of ['tool', 'arg']) if (!this.#reader.get(key)) this.#lacks(key, 'of');
      return { tools: own, arg: this.#path('arg'), of: [] };
    }
    const other = ['tool', 'arg'].find((key) => this.#reader.get(key));
    if (other !== undefined) {
      this.#fine = false;
      this.#diagnostics.report('PL1305', { key: other }, this.#reader.keySpan(other));
    }
    const of = this.#reader.items('of').flatMap((item) => this.#toolArg(item));
    this.#reportOverlap(of);
    return { tools: of.flatMap(({ tools }) => tools), arg: null, of };
  }

  /** A call has one amount: of two nobody could tell which counts. */
  #reportOverlap(of: readonly ToolArg[]): void {
    for (const [i, { tools }] of of.entries()) {
      for (const first of of.slice(0, i).flatMap((one) => one.tools)) {
        const second = tools.find(({ value }) => globsMeet(first.value, value));
        if (!second) continue;
        this.#fine = false;
        const related = [{ message: 'the other item', span: first.span }];
        const params = { first: first.value, second: second.value };
        this.#diagnostics.report('PL1306', params, second.span, related);
        return;
      }
    }
  }

  /** What rules that count have in common. */
  #counted(accepts: (value: number) => boolean): Pick<MaxCallsBody, 'limit' | 'per' | 'within'> {
    return { limit: this.#limit(accepts), per: this.#path('per'), within: this.#within() };
  }

  #within(): Window | null {
    const written = this.#reader.text('within');
    const duration = durationOf(written);
    return written && duration ? { milliseconds: duration.value, written: written.value } : null;
  }

  #whileOwed(): ToolList | null {
    if (this.#reader.get('until')) return this.#tools('allow_while_owed');
    if (this.#reader.get('allow_while_owed')) {
      this.#fine = false;
      this.#diagnostics.report('PL1304', {}, this.#reader.keySpan('allow_while_owed'));
    }
    return null;
  }

  /** One of two keys is needed. */
  #oneOf(key: string, other: string): void {
    if (!(this.#reader.get(key) ?? this.#reader.get(other))) this.#lacks(key, other);
  }

  #lacks(key: string, other: string): void {
    this.#fine = false;
    const where = `\`${this.#kind}\``;
    this.#diagnostics.report('PL1302', { where, key, other }, this.#rule.keySpan(this.#kind));
  }

  #limit(accepts: (value: number) => boolean): Limit {
    const node = this.#reader.get('limit');
    const param = paramName(node);
    if (param) return { value: null, param };
    if (node?.kind === 'scalar' && typeof node.value === 'number' && accepts(node.value)) {
      return { value: { value: node.value, span: node.span }, param: null };
    }
    this.#fine = false;
    if (node && !reportReferencesIn(node, 'operand', this.#diagnostics)) {
      const expected = this.#kind === 'max_calls' ? 'a whole number from 0' : 'a number from 0';
      this.#diagnostics.report('PL1102', { what: '`limit`', expected, got: shown(node) }, node.span);
    }
    return { value: null, param: null };
  }

  #path(key: string): Located<string> | null {
    const written = this.#reader.text(key);
    return written ? this.#single(written, key) : null;
  }

  #same(): readonly PathPair[] {
    return this.#reader.items('same').flatMap((item) => this.#pair(item, 'same') ?? []);
  }

  #pair(node: YamlNode, key: string): PathPair | null {
    if (node.kind !== 'mapping') {
      const path = this.#single(located(node, 'string'), key);
      return path && { here: path, there: path };
    }
    const reader = new Reader(node);
    const [here, there] = ['here', 'there'].map((side) => {
      const written = reader.text(side);
      return written ? this.#single(written, key) : null;
    });
    return here && there ? { here, there } : null;
  }

  /** A path to one value. */
  #single(path: Located<string>, key: string): Located<string> | null {
    const [checked] = this.#checked(path);
    if (!checked) return null;
    if (!path.value.includes('[*]')) return path;
    this.#fine = false;
    this.#diagnostics.report('PL1303', { path: path.value, key }, path.span);
    return null;
  }

  /** A path to any number of values. */
  #many(node: YamlNode): readonly Located<string>[] {
    return this.#checked(located(node, 'string'));
  }

  #checked(path: Located<string>): readonly Located<string>[] {
    const reason = pathProblem(path.value);
    if (reason === null) return [path];
    this.#fine = false;
    this.#diagnostics.report('PL1112', { path: path.value, reason }, path.span);
    return [];
  }
}
