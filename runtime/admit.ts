/**
 * Copies what a module exports into frozen objects of our own. Getters, proxies and prototypes of the module's
 * making end here, and so does any later change to what it exported.
 */
import { ENFORCEMENTS, SEVERITIES, type Cause, type ModuleEntry, type PredicateModule } from './contract.ts';
import { refuseAs } from './errors.ts';
import { finite, list, natural, object, oneOf, string, type Reader } from './shape.ts';

function functionOf<F>(): Reader<F> {
  return (value, at) => {
    if (typeof value !== 'function') throw new SyntaxError(at);
    return value as F;
  };
}

const readCause: Reader<Cause> = object({ path: string, message: string });

const readEntry = object({
  name: string,
  aggregate: oneOf(['sum', 'max']),
  threshold: finite,
  check: functionOf<ModuleEntry['check']>(),
  explain: functionOf<ModuleEntry['explain']>(),
});

const readModule = object({
  default: object({
    format: natural,
    rules: list(
      object({
        id: string,
        policy: string,
        severity: oneOf(SEVERITIES),
        enforcement: oneOf(ENFORCEMENTS),
        category: string,
        weight: finite,
        description: string,
        origin: object({ file: string, line: natural, column: natural }),
      }),
    ),
    entries: list(readEntry),
  }),
});

/**
 * Reads a module's namespace.
 *
 * @returns a frozen copy; `explain` hands out copies too, `check` is the module's own function
 * @throws BundleError `module_malformed`
 */
export function admitModule(namespace: unknown): PredicateModule {
  return refuseAs('module_malformed', () => {
    const { format, rules, entries } = readModule(namespace, '').default;
    return Object.freeze({
      format,
      rules,
      entries: Object.freeze(
        entries.map((entry): ModuleEntry => {
          const { explain } = entry;
          const copied: ModuleEntry['explain'] = (rule, step, plan, context, now) =>
            readCause(explain(rule, step, plan, context, now), 'cause');
          return Object.freeze({ ...entry, explain: copied });
        }),
      ),
    });
  });
}
