/** For which bundles a key counts. No default trusts every name: a bundle made for a sandbox would pass for production. */
import { UsageError } from '../../bundles/failure.ts';

export interface NameOptions {
  /** Patterns of bundle names; `*` stands for anything. */
  readonly name?: readonly string[];
  /** Every bundle that the key signs. */
  readonly anyName?: boolean;
}

/** @throws UsageError where neither is said */
export function trustedNames({ name, anyName }: NameOptions, line: string): readonly string[] {
  if (anyName === true) return ['*'];
  if (name !== undefined && name.length > 0) return name;
  throw new UsageError(
    'a trust root says for which bundles a key counts',
    `name them: ${line} --name acme-payments; --any-name takes every bundle this key signs, one made for a sandbox too`,
  );
}
