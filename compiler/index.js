import { parseConfiguration, parsePolicy } from './1-parse/index.js';
import { resolve } from './2-resolve/index.js';
import { lower } from './3-lower/index.js';
import { optimize } from './4-optimize/index.js';
import { emit } from './5-emit/index.js';
import { Diagnostics } from './diagnostics/diagnostic.js';
import { CONFIGURATION_FILE, sourceOf } from './host.js';
import { NO_CONFIGURATION } from './ir/configuration.js';
export { renderDiagnostic } from './diagnostics/render.js';
export { directoryHost, memoryHost } from './host.js';
/**
 * Compiles the policies of a directory into one module, unsigned.
 *
 * @throws what the host throws when the directory cannot be read; policies at fault are diagnostics, not errors.
 * @example
 * const { result, diagnostics } = await compile(directoryHost('policies'));
 */
export async function compile(host, options = {}) {
  const diagnostics = new Diagnostics();
  const policies = await resolvePolicies(host, options, diagnostics);
  const program = policies && lower(policies, diagnostics);
  const module = program && (await emit(optimize(program)));
  return { result: policies && module && { policies, module }, diagnostics: diagnostics.sorted() };
}
/** The first two phases: what the policies of a directory mean, for tools that do not need a module. */
export async function resolvePolicies(host, options, diagnostics) {
  const files = await host.readPolicyFiles();
  const inOrder = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const sources = inOrder.map((file) => {
    const source = sourceOf(file);
    if (file.text === null) diagnostics.report('PL1008', undefined, { file: source, start: 0, end: 0 });
    return source;
  });
  const policyFiles = sources.filter((source) => source.path !== CONFIGURATION_FILE);
  if (policyFiles.length === 0) diagnostics.report('PL2008', undefined, null);
  if (diagnostics.hasErrors()) return null;
  const configurationFile = sources.find((source) => source.path === CONFIGURATION_FILE);
  const configuration = configurationFile
    ? parseConfiguration(configurationFile, diagnostics)
    : NO_CONFIGURATION;
  const documents = policyFiles.flatMap((source) => parsePolicy(source, diagnostics) ?? []);
  if (diagnostics.hasErrors() || !configuration) return null;
  return resolve(documents, options.entries ?? [], configuration, diagnostics);
}
