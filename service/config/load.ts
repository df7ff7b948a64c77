/** A configuration from its file, the environment and the command line, in this order: the later one wins, and it is remembered which it was. */
import { readFile } from 'node:fs/promises';
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { reasonOf } from '../failure.ts';
import { ConfigError } from './field.ts';
import type { Field } from './field.ts';
import { settings } from './check.ts';
import { CONFIG } from './sections.ts';
import type { Config } from './sections.ts';

/** What is written, before it is read. */
export type Tree = Readonly<Record<string, unknown>>;

/** Environment variable → the setting it stands for. */
export const VARIABLES: Readonly<Record<string, string>> = {
  PLAN_LINT_POLICY_PATH: 'policies.path',
  PLAN_LINT_TRUST: 'policies.trust',
  PLAN_LINT_LISTEN: 'listen',
  PLAN_LINT_AUDIT_PATH: 'audit.path',
};

/** Environment variable with the path of the configuration. */
export const CONFIG_VARIABLE = 'PLAN_LINT_CONFIG';

/** A configuration, and for each path that somebody has written, where. */
export interface Loaded {
  readonly config: Config;
  readonly tree: Tree;
  /** Path → `file …`, `env …`, `flag …`; what is not here is a default. */
  readonly origins: ReadonlyMap<string, string>;
}

export interface Sources {
  /** Path of the file. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of a setting → its value, and the flag it was given by. */
  readonly flags?: ReadonlyMap<string, { readonly flag: string; readonly value: unknown }>;
  /** Other defaults than those of the settings, and who asks for them. */
  readonly presets?: { readonly by: string; readonly values: ReadonlyMap<string, unknown> };
}

const SETTINGS = settings(CONFIG);

/** @throws ConfigError */
export const readConfig = (tree: Tree): Config => SETTINGS.read(tree);

/** @throws ConfigError */
export async function loadConfig({ file, env, flags = new Map(), presets }: Sources): Promise<Loaded> {
  const origins = new Map<string, string>();
  const tree: Record<string, unknown> = file === undefined ? {} : { ...(await readTree(file)) };
  for (const [path, value] of presets?.values ?? []) {
    if (hasAt(tree, path)) continue;
    setAt(tree, path, value);
    origins.set(path, presets?.by ?? '');
  }
  if (file !== undefined)
    noteLeaves(CONFIG, tree, '', (path) => {
      if (!origins.has(path)) origins.set(path, `file ${file}`);
    });
  for (const [variable, path] of Object.entries(VARIABLES)) {
    const value = env[variable];
    if (value === undefined || value === '') continue;
    setAt(tree, path, value);
    origins.set(path, `env ${variable}`);
  }
  for (const [path, { flag, value }] of flags) {
    setAt(tree, path, value);
    origins.set(path, `flag ${flag}`);
  }
  return { config: readConfig(tree), tree, origins };
}

/** A file of settings: YAML 1.2 (core), or JSON as strictly as plans are read. @throws ConfigError */
export async function readTree(file: string): Promise<Tree> {
  let written: string;
  try {
    written = await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `\`${file}\` cannot be read: ${reasonOf(error)}`,
      'check the path and its permissions',
    );
  }
  return parseSettings(written, file);
}

/** The text of a file of settings. @throws ConfigError */
export function parseSettings(written: string, file: string): Tree {
  const value = parseTree(written, file);
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new ConfigError(`\`${file}\` holds no settings`, 'write `key: value` lines');
  return value as Tree;
}

function parseTree(written: string, file: string): unknown {
  try {
    return file.endsWith('.json')
      ? parseJson(written, 64)
      : load(written, { schema: CORE_SCHEMA, filename: file });
  } catch (error) {
    if (error instanceof JsonError)
      throw new ConfigError(`\`${file}\` is not JSON as it must be: ${error.message}`, 'mend it there');
    if (!(error instanceof YAMLException)) throw error;
    const { reason, mark } = error;
    const place = mark ? `:${mark.line + 1}:${mark.column + 1}` : '';
    throw new ConfigError(`${file}${place}: ${reason}`, 'write it as YAML: `key: value`, one a line');
  }
}

function hasAt(tree: Tree, path: string): boolean {
  const [first = '', ...others] = path.split('.');
  if (!Object.hasOwn(tree, first)) return false;
  const inner = tree[first];
  if (others.length === 0) return true;
  return typeof inner === 'object' && inner !== null && hasAt(inner as Tree, others.join('.'));
}

function setAt(tree: Record<string, unknown>, path: string, value: unknown): void {
  const [first = '', ...others] = path.split('.');
  if (others.length === 0) {
    tree[first] = value;
    return;
  }
  const inner = tree[first];
  const copy: Record<string, unknown> =
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? { ...inner } : {};
  setAt(copy, others.join('.'), value);
  tree[first] = copy;
}

/** The paths of what is written, down to what has no members of its own. */
function noteLeaves(field: Field<unknown>, value: unknown, at: string, note: (path: string) => void): void {
  if (!field.members || typeof value !== 'object' || value === null) {
    note(at);
    return;
  }
  for (const [name, each] of Object.entries(value)) {
    const member = Object.hasOwn(field.members, name) ? field.members[name] : undefined;
    if (member) noteLeaves(member, each, at === '' ? name : `${at}.${name}`, note);
  }
}
