import type { Located, SourceFile } from './source.ts';

/** `plan-lint.yaml` at the root of a policy directory; every key may be absent. */
export interface Configuration {
  /** `null` where there is no such file. */
  readonly file: SourceFile | null;
  readonly name: string | null;
  readonly entries: readonly Located<string>[] | null;
  readonly defaultEntry: Located<string> | null;
  /** Path of the tool catalog inside the policy directory. */
  readonly catalog: Located<string> | null;
}

export const NO_CONFIGURATION: Configuration = {
  file: null,
  name: null,
  entries: null,
  defaultEntry: null,
  catalog: null,
};
