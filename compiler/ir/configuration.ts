import type { Capability } from '@plan-lint/runtime/contract';
import type { Located, SourceFile, Span } from './source.ts';

/** `plan-lint.yaml` at the root of a policy directory; every key may be absent. */
export interface Configuration {
  /** `null` where there is no such file. */
  readonly file: SourceFile | null;
  readonly name: string | null;
  readonly entries: readonly Located<string>[] | null;
  readonly defaultEntry: Located<string> | null;
  readonly catalog: CatalogReference | null;
  /** Files that every entry must extend. */
  readonly requireBase: readonly RequiredBase[];
  /** What the module is able to do beside deciding whole plans. */
  readonly capabilities: readonly Capability[];
}

/** A file that every entry must extend, by its path in the policy directory. */
export interface RequiredBase {
  readonly file: string;
  /** The digest that it must have, hex; `null`: whatever stands there. */
  readonly sha256: string | null;
  /** `null` where it is asked for from outside. */
  readonly span: Span | null;
}

/** Where the tool catalog is. */
export interface CatalogReference {
  /** Path inside the policy directory. */
  readonly file: Located<string>;
  /** Tools in it that are not to be read. */
  readonly leaveOut: readonly Located<string>[];
}

export const NO_CONFIGURATION: Configuration = {
  file: null,
  name: null,
  entries: null,
  defaultEntry: null,
  catalog: null,
  requireBase: [],
  capabilities: [],
};
