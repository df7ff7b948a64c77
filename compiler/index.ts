import type { Capability } from '@plan-lint/runtime/contract';
import { parseConfiguration, parsePolicy, warnOfOlderReaders } from './1-parse/index.ts';
import { resolve } from './2-resolve/index.ts';
import { lower } from './3-lower/index.ts';
import { optimize } from './4-optimize/index.ts';
import { DEFAULT_BUDGET, analyse } from './analysis/index.ts';
import type { Budget } from './analysis/index.ts';
import { Diagnostics } from './diagnostics/diagnostic.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { CONFIGURATION_FILE, sourceOf } from './host.ts';
import type { Host } from './host.ts';
import type { ToolCatalog } from './ir/catalog.ts';
import { NO_CONFIGURATION } from './ir/configuration.ts';
import type { Configuration } from './ir/configuration.ts';
import type { PolicyDocument } from './ir/document.ts';
import { layersUpTo, rulesIn } from './ir/layer.ts';
import type { EmittedModule } from './ir/module.ts';
import type { Program } from './ir/program.ts';
import type { ResolvedPolicies } from './ir/resolved.ts';
import { sessionClass } from './ir/session-class.ts';
import type { SessionClass } from './ir/session-class.ts';
import { PatternMemory, rememberingParser } from './memory.ts';
import type { CompilerCache } from './memory.ts';
import { parseSources } from './sources.ts';

export { CompilerFault } from './diagnostics/fault.ts';
export { renderDiagnostic } from './diagnostics/render.ts';
export type { Diagnostic } from './diagnostics/diagnostic.ts';
export { OPERATIONS } from './operations/index.ts';
export { patternFacts } from './analysis/pattern-facts.ts';
export type { PatternFacts } from './analysis/pattern-facts.ts';
export { SCHEMA_FILES, publishedSchemas } from './1-parse/published.ts';
export { parseYaml } from './1-parse/yaml.ts';
export { lowerException } from './3-lower/exceptions.ts';
export { lower } from './3-lower/index.ts';
export type { LoweringMemo } from './3-lower/index.ts';
export { mayBeLooser } from './compare/change.ts';
export type { Change } from './compare/change.ts';
export { illustrated } from './compare/illustrate.ts';
export type { Illustrator } from './compare/illustrate.ts';
export { comparePolicies } from './compare/policies.ts';
export { INCOMPARABLE, rowChanges } from './compare/row-changes.ts';
export type { Example } from './examples/example.ts';
export { lookUp, nearestTarget, SETTINGS } from './explain/look-up.ts';
export type { Explained } from './explain/look-up.ts';
export { rulesFor } from './explain/rules-for.ts';
export type { Governing } from './explain/rules-for.ts';
export { explainAll } from './explain/why.ts';
export type { Question, Why } from './explain/why.ts';
export { memoryHost } from './host.ts';
export type { Host, HostFile } from './host.ts';
export type { EmittedModule } from './ir/module.ts';
export type { ResolvedPolicies } from './ir/resolved.ts';
export type { SessionClass } from './ir/session-class.ts';
export type { CompilerCache } from './memory.ts';

export interface CompileOptions {
  /** Entries to compile, by name or path; all that nobody extends when absent or empty. */
  readonly entries?: readonly string[];
  /** Files that every entry must extend, beside those that `plan-lint.yaml` requires. */
  readonly requireBase?: readonly { readonly file: string; readonly sha256: string | null }[];
  /** What the module is to be able to do, beside what `plan-lint.yaml` says. */
  readonly capabilities?: readonly Capability[];
  /** What it remembers saves time, and changes nothing else. */
  readonly cache?: CompilerCache;
}

export interface Compiled {
  readonly policies: ResolvedPolicies;
  readonly module: EmittedModule;
}

/** `result` is `null` where a diagnostic is an error; warnings may stand beside a result. */
export interface CompileResult<T> {
  readonly result: T | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles the policies of a directory into one module, unsigned.
 *
 * @throws what the host throws when the directory cannot be read; policies at fault are diagnostics, not errors.
 * @example
 * const { result, diagnostics } = await compile(memoryHost({ 'team.yaml': 'max_steps: 20\n' }));
 */
export async function compile(host: Host, options: CompileOptions = {}): Promise<CompileResult<Compiled>> {
  const { result, diagnostics } = await analyze(host, options);
  if (!result) return { result, diagnostics };
  return {
    result: { policies: result.policies, module: await build(result.program, result.policies.capabilities) },
    diagnostics,
  };
}

/** What policies mean, before any code is made of them. */
export interface Analyzed {
  readonly policies: ResolvedPolicies;
  readonly program: Program;
}

/** Every phase that reports diagnostics: what a linter needs, without the cost of a module. */
export async function analyze(host: Host, options: CompileOptions = {}): Promise<CompileResult<Analyzed>> {
  const diagnostics = new Diagnostics();
  const policies = await resolvePolicies(host, options, diagnostics);
  const patterns = options.cache && new PatternMemory(options.cache);
  const program = policies && lower(policies, diagnostics, new Map(), patterns);
  patterns?.save();
  return { result: policies && program && { policies, program }, diagnostics: diagnostics.sorted() };
}

/** How each rule is asked in a session, by entry and by its id. */
export type SessionClasses = ReadonlyMap<string, ReadonlyMap<string, SessionClass>>;

/** `null` where the policies are compiled without sessions. */
export function sessionClasses(policies: ResolvedPolicies): SessionClasses | null {
  if (!policies.capabilities.includes('session')) return null;
  const program = lower(policies, new Diagnostics(), new Map());
  return new Map(
    program?.entries.map(({ name, layer }) => [
      name,
      new Map(rulesIn(layer).map((rule) => [rule.head.id, sessionClass(rule)])),
    ]),
  );
}

export interface LintOptions extends CompileOptions {
  /** Milliseconds since the epoch, for exceptions that end. */
  readonly now: number;
  /** Exceptions that expire within this time are told of, in milliseconds. */
  readonly warnExpiry: number;
  /** How many rules are compared with each other. */
  readonly budget?: Budget;
}

/** What `analyze` gives, and besides warnings of what compiles and is probably not meant. */
export async function lint(host: Host, options: LintOptions): Promise<CompileResult<Analyzed>> {
  const diagnostics = new Diagnostics();
  const parsed = await parsePolicies(host, diagnostics, options.cache);
  const policies = parsed && resolveParsed(parsed, options, diagnostics);
  const patterns = options.cache && new PatternMemory(options.cache);
  const program = policies && lower(policies, diagnostics, new Map(), patterns);
  patterns?.save();
  if (policies && program) {
    const { now, warnExpiry, budget = DEFAULT_BUDGET } = options;
    analyse({ documents: parsed.documents, policies, now, warnExpiry, budget }, diagnostics);
    for (const { file } of parsed.documents) warnOfOlderReaders(file, diagnostics);
  }
  return { result: policies && program && { policies, program }, diagnostics: diagnostics.sorted() };
}

/** The phases behind the last diagnostic: a program becomes a module. */
export async function build(
  program: Program,
  capabilities: readonly Capability[] = [],
): Promise<EmittedModule> {
  // The emitter brings the engine's text, which a linter should not have to load.
  const { emit } = await import('./5-emit/index.ts');
  return emit(optimize(program), capabilities);
}

/** The first two phases: what the policies of a directory mean, for tools that do not need a module. */
export async function resolvePolicies(
  host: Host,
  options: CompileOptions,
  diagnostics: Diagnostics,
): Promise<ResolvedPolicies | null> {
  const parsed = await parsePolicies(host, diagnostics, options.cache);
  return parsed && resolveParsed(parsed, options, diagnostics);
}

interface Parsed {
  readonly documents: readonly PolicyDocument[];
  readonly configuration: Configuration;
  readonly catalog: ToolCatalog | null;
}

async function parsePolicies(
  host: Host,
  diagnostics: Diagnostics,
  cache: CompilerCache | undefined,
): Promise<Parsed | null> {
  const files = await host.readPolicyFiles();
  const inOrder = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const sources = inOrder.map((file) => {
    const source = sourceOf(file);
    const span = { file: source, start: 0, end: 0 };
    if (file.unread === 'link') diagnostics.report('PL2009', undefined, span);
    else if (file.unread === 'name') diagnostics.report('PL2010', undefined, span);
    else if (file.text === null) diagnostics.report('PL1008', undefined, span);
    return source;
  });
  const policyFiles = sources.filter((source) => source.path !== CONFIGURATION_FILE);
  if (policyFiles.length === 0) diagnostics.report('PL2008', undefined, null);
  if (diagnostics.hasErrors()) return null;
  const configurationFile = sources.find((source) => source.path === CONFIGURATION_FILE);
  const configuration = configurationFile
    ? parseConfiguration(configurationFile, diagnostics)
    : NO_CONFIGURATION;
  const documents = parseSources(policyFiles, diagnostics, parserOf(cache));
  const catalog = configuration && (await readCatalog(host, configuration, diagnostics));
  return diagnostics.hasErrors() || !configuration ? null : { documents, configuration, catalog };
}

function resolveParsed(
  { documents, configuration, catalog }: Parsed,
  options: CompileOptions,
  diagnostics: Diagnostics,
): ResolvedPolicies | null {
  const required = (options.requireBase ?? []).map((base) => ({ ...base, span: null }));
  const asked = {
    ...configuration,
    requireBase: [...configuration.requireBase, ...required],
    capabilities: [...new Set([...configuration.capabilities, ...(options.capabilities ?? [])])],
  };
  const resolved = resolve(documents, options.entries ?? [], asked, catalog, diagnostics);
  for (const { name, file, layer } of resolved?.entries ?? []) {
    if (layersUpTo(layer).every(({ added }) => added.length === 0))
      diagnostics.report('PL4002', { name }, { file, start: 0, end: 0 });
  }
  return resolved;
}

/** The tool catalog that the configuration names; `null` where it names none, or after a diagnostic. */
async function readCatalog(
  host: Host,
  { catalog: named }: Configuration,
  diagnostics: Diagnostics,
): Promise<ToolCatalog | null> {
  if (!named) return null;
  const { value: path, span } = named.file;
  const file = await host.readFile(path);
  const reason = whyUnread(file);
  if (file && reason === null) {
    // It brings ajv, which takes longer to load than most policies take to compile.
    const { parseCatalog } = await import('./1-parse/catalog.ts');
    return parseCatalog(sourceOf(file), named.leaveOut, diagnostics);
  }
  diagnostics.report('PL1502', { path, reason: reason ?? '' }, span);
  return null;
}

/** Why a file that is named cannot be read; `null` where it can. */
function whyUnread(file: Awaited<ReturnType<Host['readFile']>>): string | null {
  if (!file) return 'there is no such file';
  if (file.unread) return 'it is, or stands behind, a symbolic link that leads out of the policy directory';
  return file.text === null ? 'it is not UTF-8 text' : null;
}

const parserOf = (cache: CompilerCache | undefined): typeof parsePolicy =>
  cache ? rememberingParser(cache) : parsePolicy;
