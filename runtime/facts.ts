/** Reads what a module says of itself, for tools that inspect and compare bundles. */
import type { ModuleFacts, PredicateModule, RuleRow, Waiver } from './contract.ts';
import { refuseAs } from './errors.ts';
import { finite, functionOf, list, natural, object, oneOf, string, type Reader } from './shape.ts';

const readWaiver = object({
  rule: natural,
  label: string,
  notBefore: finite,
  expires: finite,
  applies: functionOf<Waiver['applies']>(),
});

const readEntry = object({
  name: string,
  aggregate: oneOf(['sum', 'max']),
  threshold: finite,
  waivers: list(readWaiver),
  rules: list(natural),
});

const TEXT_COLUMNS = [0, 6];

// Bundles have thousands of rows, so their cells are checked without naming each place.
const readRow: Reader<RuleRow> = (value, at) => {
  const row: readonly unknown[] = Array.isArray(value) ? Array.from(value) : [];
  const sound = row.every((cell, i) =>
    TEXT_COLUMNS.includes(i) ? typeof cell === 'string' : Number.isFinite(cell),
  );
  if (row.length !== 10 || !sound) throw new SyntaxError(at);
  return Object.freeze(row) as unknown as RuleRow;
};

const readClass = object({ rule: natural, class: oneOf(['obligation', 'plan', 'prefix']) });

const readFacts = object({
  policies: list(string),
  categories: list(string),
  files: list(string),
  rules: list(readRow),
  entries: list(readEntry),
});

/**
 * The rules, exceptions and entries of a module that has been loaded, as a frozen copy.
 *
 * @throws BundleError `module_malformed`
 */
export function factsOf(module: PredicateModule): ModuleFacts {
  return refuseAs('module_malformed', () => {
    // What decides stands in the same tables.
    const { policies, categories, files, rules, entries, classes } = module.facts();
    const own = entries.map(({ name, aggregate, threshold, waivers, rules: ranges }) => {
      return { name, aggregate, threshold, waivers, rules: ranges };
    });
    const facts = readFacts({ policies, categories, files, rules, entries: own }, '');
    return classes ? { ...facts, classes: list(readClass)(classes, '') } : facts;
  });
}
