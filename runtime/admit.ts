/**
 * Runs a module's factory and copies what it returns into a frozen object of our own. Getters, proxies and
 * prototypes of the module's making end here, and so does any later change to what it returned.
 */
import type { Capability, CapabilityFunction, ModuleFactory, PredicateModule } from './contract.ts';
import { refuseAs } from './errors.ts';
import { kit } from './kit.ts';
import { fromEntries } from './platform.ts';
import { functionOf, list, natural, object, string } from './shape.ts';

const readFactory = functionOf<ModuleFactory>();
const members = {
  format: natural,
  entries: list(string),
  open: functionOf<PredicateModule['open']>(),
  facts: functionOf<PredicateModule['facts']>(),
};

/**
 * Reads a module's namespace.
 *
 * @param capabilities - those of its statement: the module has a function for each of them, and nothing more
 * @throws BundleError `module_malformed`
 */
export function admitModule(namespace: unknown, capabilities: readonly Capability[] = []): PredicateModule {
  const extra = fromEntries(capabilities.map((name) => [name, functionOf<CapabilityFunction>()]));
  return refuseAs('module_malformed', () =>
    // Some hosts add exports of their own to a namespace.
    object({ ...members, ...extra })(
      readFactory((namespace as { readonly default: unknown }).default, '')(kit),
      '',
    ),
  );
}
