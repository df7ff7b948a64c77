import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import { originOf } from '../diagnostics/position.js';
/** A list in which every distinct string has one number. */
class Interned {
  strings = [];
  #index = new Map();
  of(text) {
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
  rules;
  rows;
  policies;
  categories;
  files;
  #index;
  constructor(entries) {
    this.rules = [...new Set(entries.flatMap((entry) => entry.rules))];
    this.#index = new Map(this.rules.map((rule, i) => [rule, i]));
    const [policies, categories, files] = [new Interned(), new Interned(), new Interned()];
    this.rows = this.rules.map(({ head }) => {
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
  indexOf(rule) {
    return this.#index.get(rule) ?? -1;
  }
}
