import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import type { RuleRow } from '@plan-lint/runtime/contract';
import { originOf } from '../diagnostics/position.ts';
import { allLayers } from '../ir/layer.ts';
import type { Layer } from '../ir/layer.ts';
import type { ProgramEntry, ProgramRule } from '../ir/program.ts';
import { ranged } from '../../engine/guard/ranges.ts';

/** A list in which every distinct string has one number. */
class Interned {
  readonly strings: string[] = [];
  readonly #index = new Map<string, number>();

  of(text: string): number {
    let index = this.#index.get(text);
    if (index === undefined) {
      index = this.strings.push(text) - 1;
      this.#index.set(text, index);
    }
    return index;
  }
}

/** The rules of all entries, each distinct one once, with the rows a report reads. */
export class RuleTable {
  readonly rules: readonly ProgramRule[];
  readonly rows: readonly RuleRow[];
  readonly policies: readonly string[];
  readonly categories: readonly string[];
  readonly files: readonly string[];
  readonly #index: ReadonlyMap<ProgramRule, number>;
  readonly #ranges = new Map<Layer<ProgramRule>, readonly number[]>();

  constructor(entries: readonly ProgramEntry[]) {
    const layers = allLayers(entries.map(({ layer }) => layer));
    const index = new Map<ProgramRule, number>();
    for (const { added } of layers) {
      for (const rule of added) if (!index.has(rule)) index.set(rule, index.size);
    }
    this.rules = [...index.keys()];
    this.#index = index;
    const [policies, categories, files] = [new Interned(), new Interned(), new Interned()];
    this.rows = this.rules.map(({ head }): RuleRow => {
      const { file, line, column } = originOf(head.span);
      return [
        head.id,
        policies.of(head.policy),
        categories.of(head.category),
        SEVERITIES.indexOf(head.severity),
        ENFORCEMENTS.indexOf(head.enforcement),
        head.weight,
        head.description,
        files.of(file),
        line,
        column,
      ];
    });
    this.policies = policies.strings;
    this.categories = categories.strings;
    this.files = files.strings;
  }

  indexOf(rule: ProgramRule): number {
    return this.#index.get(rule) ?? -1;
  }

  /** Indexes of rules that some entry has, ascending. */
  indexesOf(rules: Iterable<ProgramRule>): readonly number[] {
    const indexes: number[] = [];
    for (const rule of rules) indexes.push(this.#index.get(rule) ?? -1);
    return indexes.filter((index) => index >= 0).sort((a, b) => a - b);
  }

  /** Indexes of the rules of a layer as ranges: the first and the one behind the last, in turn. */
  rangesOfLayer(layer: Layer<ProgramRule>): readonly number[] {
    let ranges = this.#ranges.get(layer);
    if (!ranges) {
      const { base, dropped, added } = layer;
      const own = this.rangesOf(added);
      // As the module itself does it, of what is the layer's own: a base may have ten thousand rules, and each entry over it three.
      ranges = base ? ranged(this.rangesOfLayer(base), this.indexesOf(dropped), own) : own;
      this.#ranges.set(layer, ranges);
    }
    return ranges;
  }

  /** The same of rules in a list. */
  rangesOf(rules: readonly ProgramRule[]): readonly number[] {
    const ranges: number[] = [];
    for (const index of this.indexesOf(rules)) {
      if (ranges.at(-1) === index) ranges[ranges.length - 1] = index + 1;
      else ranges.push(index, index + 1);
    }
    return ranges;
  }
}
