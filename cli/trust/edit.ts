/** Changes to a trust root as plain functions. */
import { rolesOf } from '@plan-lint/runtime/tools';
import type { TrustFile, TrustFileKey, TrustFileRole } from '../../compiler/6-sign/index.ts';
import { UsageError } from '../../bundles/failure.ts';

const NEXT_ROOT = 'the next trust root';
const DECISIONS = 'decisions';

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

/** What the roles of each list are called. */
const CALLED = {
  policies: ({ name }: { readonly name: string }) => `bundles named \`${name}\``,
  decisions: () => DECISIONS,
  checkpoints: ({ name }: { readonly name: string }) => `checkpoints of \`${name}\``,
  channels: ({ name }: { readonly name: string }) => `the channel \`${name}\``,
} as const;

type VisitRole = <T extends TrustFileRole>(what: string, role: T) => T;

/** Puts what `visit` makes of each role in its place. */
function visitRoles(trust: TrustFile, visit: VisitRole): TrustFile {
  return {
    ...trust,
    root: trust.root && visit(NEXT_ROOT, trust.root),
    policies: trust.policies.map((role) => visit(CALLED.policies(role), role)),
    decisions: trust.decisions.map((role) => visit(CALLED.decisions(), role)),
    checkpoints: trust.checkpoints.map((role) => visit(CALLED.checkpoints(role), role)),
    channels: trust.channels.map((role) => visit(CALLED.channels(role), role)),
  };
}

/** @throws UsageError where more keys must sign than there are */
export function requireReachable(trust: TrustFile): void {
  visitRoles(trust, (what, role) => {
    if (role.threshold <= role.keys.length) return role;
    throw new UsageError(
      `${role.threshold} keys must sign ${what}, and there ${role.keys.length === 1 ? 'is' : 'are'} ${role.keys.length}`,
      'name more keys, or lower the threshold',
    );
  });
}

/** Replaces the key lists of all rules and of the root's own role. @throws UsageError if a threshold breaks */
export function mapRoles(
  trust: TrustFile,
  change: (keys: readonly string[]) => readonly string[],
): TrustFile {
  return visitRoles(trust, (what, role) => {
    const keys = change(role.keys);
    if (keys.length < role.threshold) {
      throw new UsageError(
        `too few keys would be left for ${what}: ${keys.length}, and ${role.threshold} must sign`,
        what === NEXT_ROOT
          ? 'first let another key sign the next root: `plan-lint trust add --root --add new.pub`, signed by this one'
          : `first add another key: \`plan-lint trust add ${what === DECISIONS ? '--decisions ' : ''}--add new.pub\``,
      );
    }
    return { ...role, keys };
  });
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
  if (rolesOf(trust).online.some(({ keys }) => keys.includes(key.id))) {
    throw new UsageError(
      `the key ${key.id} signs decisions, and a running service holds it`,
      'policies are signed with a key of their own: `plan-lint keygen --out signer --name PATTERN`',
    );
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

/** What `trust set` changes. */
export interface Adjustment {
  /** Pattern of the rule to change, as it stands in the root; may be left out where there is one rule. */
  readonly rule?: string;
  /** Another pattern for the rule. */
  readonly name?: string;
  readonly threshold?: number;
  readonly minimumSequence?: number;
  readonly audience?: readonly string[];
  readonly rootThreshold?: number;
}

/** @throws UsageError where nothing has changed; `how` says what could */
export function requireChange(before: TrustFile, after: TrustFile, how: string): TrustFile {
  if (JSON.stringify(after) !== JSON.stringify(before)) return after;
  throw new UsageError('nothing would change', how);
}

/** @throws UsageError for a rule that is not there, or where nothing would change */
export function adjust(trust: TrustFile, change: Adjustment): TrustFile {
  const { name, threshold, minimumSequence, audience, rootThreshold } = change;
  const wanted = change.rule ?? (trust.policies.length === 1 ? trust.policies[0]?.name : undefined);
  const ofRule = {
    ...(name === undefined ? {} : { name }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(minimumSequence === undefined ? {} : { minimum_sequence: minimumSequence }),
    ...(audience === undefined ? {} : { audiences: audience }),
  };
  const touchesRule = Object.keys(ofRule).length > 0;
  if (touchesRule && !trust.policies.some((rule) => rule.name === wanted)) {
    throw new UsageError(
      change.rule === undefined
        ? 'the trust root has several rules'
        : `there is no rule for \`${change.rule}\``,
      'name one with --rule PATTERN as it stands in `plan-lint trust show`',
    );
  }
  const set: TrustFile = {
    ...trust,
    root:
      rootThreshold === undefined ? trust.root : trust.root && { ...trust.root, threshold: rootThreshold },
    policies: trust.policies.map((rule) =>
      touchesRule && rule.name === wanted ? { ...rule, ...ofRule } : rule,
    ),
  };
  const flags = '--threshold, --minimum-sequence, --audience, --name, --root-threshold';
  return requireChange(trust, set, `say what: ${flags}`);
}

/**
 * Withdraws a bundle.
 *
 * @param digest - sha256 of its module, with or without `sha256:`
 * @throws UsageError for anything else, or where it is withdrawn already
 */
export function withdraw(
  trust: TrustFile,
  { digest, reason, now }: { readonly digest: string; readonly reason: string; readonly now: number },
): TrustFile {
  const sha256 = digest.replace(/^sha256:/, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new UsageError(
      `\`${digest}\` is no digest`,
      '`plan-lint inspect acme.mjs` prints it: --digest sha256:…',
    );
  }
  if (trust.withdrawn.some((each) => each.sha256 === sha256)) {
    throw new UsageError('this bundle is withdrawn already', 'see `plan-lint trust show`');
  }
  return {
    ...trust,
    withdrawn: [...trust.withdrawn, { sha256, since: new Date(now).toISOString(), reason }],
  };
}
