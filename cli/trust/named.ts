/** Keys that sign something else under a name: the heads of channels, the checkpoints of audit logs. */
import type { NamedRole } from '@plan-lint/runtime/contract';
import { rolesOf, ruleFor } from '@plan-lint/runtime/tools';
import type { TrustFile, TrustFileKey } from '../../compiler/6-sign/index.ts';
import { UsageError } from '../../bundles/failure.ts';
import { withKey } from './edit.ts';

type Kind = 'channels' | 'checkpoints';

/** Which keys it must not be, and why. */
const APART: Readonly<Record<Kind, { readonly side: 'online' | 'offline'; readonly why: string }>> = {
  channels: { side: 'online', why: 'signs what a running service says' },
  checkpoints: { side: 'offline', why: 'signs policies, channels or trust roots' },
};

/** Adds the key to the rule for one pattern, or a rule behind those that are there. */
function join(rules: readonly NamedRole[], pattern: string, id: string): readonly NamedRole[] {
  const there = rules.find((rule) => rule.name === pattern);
  if (!there) return [...rules, { name: pattern, keys: [id], threshold: 1 }];
  if (there.keys.includes(id))
    throw new UsageError(`the key ${id} may do that already`, 'see `plan-lint trust show`');
  return rules.map((rule) => (rule === there ? { ...rule, keys: [...rule.keys, id] } : rule));
}

/**
 * Lets a key sign for the channels, or the logs, of these names.
 *
 * @throws UsageError where it may do so already, where another rule comes first, or where a key must do only one of two things
 */
export function grantNamed(
  trust: TrustFile,
  key: TrustFileKey,
  { kind, patterns }: { readonly kind: Kind; readonly patterns: readonly string[] },
): TrustFile {
  const { side, why } = APART[kind];
  if (rolesOf(trust)[side].some(({ keys }) => keys.includes(key.id)))
    throw new UsageError(
      `the key ${key.id} ${why}`,
      'a running service and the hand that publishes hold keys of their own',
    );
  const known = trust.keys.some(({ id }) => id === key.id) ? trust : withKey(trust, key);
  const rules = patterns.reduce((all, pattern) => join(all, pattern, key.id), trust[kind]);
  for (const pattern of patterns)
    if (ruleFor({ policies: rules }, pattern)?.keys.includes(key.id) !== true)
      throw new UsageError(
        `another rule comes first for \`${pattern}\``,
        'join that one: give its pattern as it stands in `plan-lint trust show`',
      );
  return { ...known, [kind]: rules };
}
