/** Changes to a trust root as plain functions. */
import type { TrustRoot } from '@plan-lint/runtime';
import type { TrustFile, TrustFileKey } from '../../compiler/6-sign/index.ts';
import { UsageError } from '../../bundles/failure.ts';

/** A parsed trust root as its file says it. */
export function fileOf(root: TrustRoot): TrustFile {
  return {
    ...root,
    keys: root.keys.map((key) => ({ ...key, spki: Buffer.from(key.spki).toString('base64') })),
  };
}

/** Adds a key that may sign nothing yet. @throws UsageError if it is there */
export function withKey(trust: TrustFile, key: TrustFileKey): TrustFile {
  if (trust.keys.some((each) => each.id === key.id)) {
    throw new UsageError(`the key ${key.id} is in the trust root already`, 'see `plan-lint trust show`');
  }
  return { ...trust, keys: [...trust.keys, key] };
}

/** The key an id, or its first 8 or more characters, names. @throws UsageError */
export function findKey(trust: TrustFile, id: string): TrustFileKey {
  const found = id.length >= 8 ? trust.keys.filter((key) => key.id.startsWith(id)) : [];
  const [key] = found;
  if (!key || found.length > 1) {
    throw new UsageError(
      `\`${id}\` does not name one key`,
      'give at least 8 characters; see `plan-lint trust show`',
    );
  }
  return key;
}

/** Replaces the key lists of all rules and of the root's own role. @throws UsageError if a threshold breaks */
export function mapRoles(
  trust: TrustFile,
  change: (keys: readonly string[]) => readonly string[],
): TrustFile {
  const role = <T extends { readonly keys: readonly string[]; readonly threshold: number }>(rule: T): T => {
    const keys = change(rule.keys);
    if (keys.length < rule.threshold) {
      throw new UsageError('too few keys would be left for a threshold', 'add another key first');
    }
    return { ...rule, keys };
  };
  return { ...trust, root: trust.root && role(trust.root), policies: trust.policies.map(role) };
}

/**
 * Lets a key sign for the rules with these patterns and, if `root`, the next trust root. A key that is there keeps
 * its entry.
 *
 * @param names - patterns as they stand in the rules; default: all of them, or none for a key of the root
 * @throws UsageError for a pattern no rule has, or if it would change nothing
 */
export function grant(
  trust: TrustFile,
  key: TrustFileKey,
  names: readonly string[] | undefined,
  root: boolean,
): TrustFile {
  const unknown = names?.find((name) => !trust.policies.some((rule) => rule.name === name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no rule for \`${unknown}\``, 'see `plan-lint trust show`');
  }
  const known = trust.keys.some((each) => each.id === key.id);
  const join = <T extends { readonly keys: readonly string[] }>(role: T): T =>
    role.keys.includes(key.id) ? role : { ...role, keys: [...role.keys, key.id] };
  const granted: TrustFile = {
    ...(known ? trust : withKey(trust, key)),
    root: root ? join(trust.root ?? { keys: [], threshold: 1 }) : trust.root,
    policies: trust.policies.map((rule) => ((names?.includes(rule.name) ?? !root) ? join(rule) : rule)),
  };
  if (JSON.stringify(granted) === JSON.stringify(trust)) {
    throw new UsageError(`the key ${key.id} may do that already`, 'see `plan-lint trust show`');
  }
  return granted;
}
