/**
 * Runs a module's factory and copies what it returns into frozen objects of our own. Getters, proxies and
 * prototypes of the module's making end here, and so does any later change to what it returned.
 */
import type {
  Cause,
  Guard,
  ModuleEntry,
  ModuleFactory,
  PredicateModule,
  RuleRow,
  TextTest,
  Waiver,
} from './contract.ts';
import { refuseAs } from './errors.ts';
import { kit } from './kit.ts';
import { finite, list, natural, object, oneOf, string, type Reader } from './shape.ts';

function functionOf<F>(): Reader<F> {
  return (value, at) => {
    if (typeof value !== 'function') throw new SyntaxError(at);
    return value as F;
  };
}

const readCause: Reader<Cause> = object({ path: string, message: string });

const readWaiver = object({
  rule: natural,
  label: string,
  notBefore: finite,
  expires: finite,
  applies: functionOf<Waiver['applies']>(),
});

const readRegExp: Reader<RegExp | null> = (value, at) => {
  if (value === null || value instanceof RegExp) return value;
  throw new SyntaxError(at);
};

const readFlag: Reader<boolean> = (value, at) => {
  if (typeof value === 'boolean') return value;
  throw new SyntaxError(at);
};

/** Rows are unpacked into objects of the runtime's own when a tool is first seen. */
const readGuard = object({
  row: functionOf<Guard['row']>(),
  texts: object({
    rules: list(natural),
    any: readRegExp,
    tests: list(functionOf<TextTest>()),
    numbers: readFlag,
  }),
});

const readEntry = object({
  name: string,
  aggregate: oneOf(['sum', 'max']),
  threshold: finite,
  waivers: list(readWaiver),
  guard: readGuard,
  check: functionOf<ModuleEntry['check']>(),
  explain: functionOf<ModuleEntry['explain']>(),
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

const readNamespace = object({ default: functionOf<ModuleFactory>() });

const readModule = object({
  format: natural,
  policies: list(string),
  categories: list(string),
  files: list(string),
  rules: list(readRow),
  secret: functionOf<TextTest>(),
  plain: functionOf<PredicateModule['plain']>(),
  entries: list(readEntry),
});

/**
 * Reads a module's namespace.
 *
 * @returns a frozen copy; `explain` hands out copies too, `check` is the module's own function
 * @throws BundleError `module_malformed`
 */
export function admitModule(namespace: unknown): PredicateModule {
  return refuseAs('module_malformed', () => {
    const module = readModule(readNamespace(namespace, '').default(kit), '');
    return Object.freeze({ ...module, entries: Object.freeze(module.entries.map(copyEntry)) });
  });
}

function copyEntry(entry: ModuleEntry): ModuleEntry {
  const { explain } = entry;
  const copied: ModuleEntry['explain'] = (rule, step, plan, context, now) =>
    readCause(explain(rule, step, plan, context, now), 'cause');
  return Object.freeze({ ...entry, explain: copied });
}
