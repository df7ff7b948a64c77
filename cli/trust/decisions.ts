/** Keys that sign decisions, in a trust root. */
import type { DecisionRole } from '@plan-lint/runtime';
import { decisionRole } from '@plan-lint/runtime/receipt';
import { rolesOf } from '@plan-lint/runtime/tools';
import type { TrustFile, TrustFileKey } from '../../compiler/6-sign/index.ts';
import { UsageError } from '../../bundles/failure.ts';
import { requireChange, withKey } from './edit.ts';

/** What a decision key may decide. */
export interface DecisionTerms {
  /** Patterns of the names of bundles; default: those of the root's rules. */
  readonly name?: readonly string[];
  /** Who may act on its decisions; default: anybody. */
  readonly executor?: readonly string[];
  /** How long one may hold, in milliseconds; default 15 minutes. */
  readonly maxLife?: number;
}

const USUAL_LIFE = 900_000;

/** Whether two roles differ in their keys alone. */
function sameTerms(left: DecisionRole, right: DecisionRole): boolean {
  const termsOf = ({ audiences, bundles, max_life }: DecisionRole): string =>
    JSON.stringify([audiences, bundles, max_life]);
  return termsOf(left) === termsOf(right);
}

/**
 * Lets a key sign decisions, beside those that may do so on the same terms.
 *
 * @throws UsageError where it signs policies, or would change nothing
 */
export function grantDecisions(trust: TrustFile, key: TrustFileKey, terms: DecisionTerms): TrustFile {
  if (rolesOf(trust).offline.some(({ keys }) => keys.includes(key.id))) {
    throw new UsageError(
      `the key ${key.id} signs policies or trust roots`,
      'a service that decides holds a key of its own: `plan-lint keygen --role decision --out keys`',
    );
  }
  const role: DecisionRole = {
    keys: [key.id],
    threshold: 1,
    audiences: terms.executor ?? [],
    bundles: terms.name ?? trust.policies.map(({ name }) => name),
    max_life: Math.floor((terms.maxLife ?? USUAL_LIFE) / 1000),
  };
  const there = trust.decisions.find((each) => sameTerms(each, role));
  if (there?.keys.includes(key.id))
    throw new UsageError(`the key ${key.id} may do that already`, 'see `plan-lint trust show`');
  const known = trust.keys.some(({ id }) => id === key.id) ? trust : withKey(trust, key);
  const granted = {
    ...known,
    decisions: there
      ? trust.decisions.map((each) => (each === there ? { ...each, keys: [...each.keys, key.id] } : each))
      : [...trust.decisions, role],
  };
  requireReached(granted, key.id, role);
  return granted;
}

/** What `trust set --decisions` changes, of one rule. */
export interface DecisionChange extends DecisionTerms {
  /** One of the patterns that the rule has for bundles; may be left out where there is one rule. */
  readonly rule?: string;
  readonly threshold?: number;
}

/** @throws UsageError for a rule that is not there or not the only one, or where nothing would change */
export function adjustDecisions(trust: TrustFile, change: DecisionChange): TrustFile {
  const { rule, name, executor, maxLife, threshold } = change;
  const candidates = trust.decisions.filter(({ bundles }) => rule === undefined || bundles.includes(rule));
  const [role] = candidates;
  if (!role || candidates.length > 1) {
    const where = rule === undefined ? 'decisions' : `decisions with \`${rule}\``;
    throw new UsageError(
      role ? `there are several rules for ${where}` : `there is no rule for ${where}`,
      role && rule !== undefined
        ? 'a key that decides on other terms is added: `plan-lint trust add --decisions`; the old one is revoked'
        : 'name one by a pattern of its bundles, as it stands in `plan-lint trust show`: --rule PATTERN',
    );
  }
  const set: DecisionRole = {
    ...role,
    ...(name !== undefined && { bundles: name }),
    ...(executor !== undefined && { audiences: executor }),
    ...(maxLife !== undefined && { max_life: Math.floor(maxLife / 1000) }),
    ...(threshold !== undefined && { threshold }),
  };
  const decisions = trust.decisions.map((each) => (each === role ? set : each));
  for (const key of set.keys) requireReached({ decisions }, key, set);
  const flags = '--name, --executor, --max-life, --threshold';
  return requireChange(trust, { ...trust, decisions }, `say what: ${flags}`);
}

/** The first role for a bundle and an executor decides: one behind it would be granted in vain. @throws UsageError */
function requireReached(
  { decisions }: Pick<TrustFile, 'decisions'>,
  id: string,
  { bundles, audiences }: DecisionRole,
): void {
  for (const bundle of bundles)
    for (const audience of audiences.length > 0 ? audiences : ['*']) {
      const first = decisionRole({ decisions }, { bundle, audience });
      if (first && !first.keys.includes(id))
        throw new UsageError(
          `another rule comes first for decisions with \`${bundle}\``,
          'give --name, --executor and --max-life as it has them, and the key joins it; see `plan-lint trust show`',
        );
    }
}
