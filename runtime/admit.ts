/**
 * Runs a module's factory and copies what it returns into a frozen object of our own. Getters, proxies and
 * prototypes of the module's making end here, and so does any later change to what it returned.
 */
import type { ModuleFactory, PredicateModule } from './contract.ts';
import { refuseAs } from './errors.ts';
import { kit } from './kit.ts';
import { functionOf, list, natural, object, string } from './shape.ts';

const readNamespace = object({ default: functionOf<ModuleFactory>() });
const readModule = object({
  format: natural,
  entries: list(string),
  open: functionOf<PredicateModule['open']>(),
  facts: functionOf<PredicateModule['facts']>(),
});

/**
 * Reads a module's namespace.
 *
 * @throws BundleError `module_malformed`
 */
export function admitModule(namespace: unknown): PredicateModule {
  return refuseAs('module_malformed', () => readModule(readNamespace(namespace, '').default(kit), ''));
}
