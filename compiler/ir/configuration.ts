import type { Located } from './source.ts';

/** `plan-lint.yaml` at the root of a policy directory; every key may be absent. */
export interface Configuration {
  readonly name: string | null;
  readonly entries: readonly Located<string>[] | null;
  readonly defaultEntry: Located<string> | null;
}

export const NO_CONFIGURATION: Configuration = { name: null, entries: null, defaultEntry: null };
