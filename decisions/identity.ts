/** What a report for people says of its run: who decided, by which entries, for whom, when, and with which program. */
import { RUNTIME_VERSION } from '@plan-lint/runtime/contract';
import type { BundleIdentity } from '@plan-lint/runtime/contract';
import type { RunFacts } from './format.ts';
import type { Summary } from './summary.ts';

export interface IdentityLine {
  readonly label: string;
  readonly value: string;
}

const MOST = 300;

/** @example bundleText(decision.bundle) // 'acme 1.4.0, sequence 7, sha256:9f86…' */
export const bundleText = ({ name, version, sequence, digest }: BundleIdentity): string =>
  `${name} ${version}, sequence ${sequence}, sha256:${digest}`;

/** In the order in which they are to be read; nothing in it is escaped. */
export function identityLines(
  { bundles, entries }: Pick<Summary, 'bundles' | 'entries'>,
  { at, context }: RunFacts,
): readonly IdentityLine[] {
  const named = [...entries].map((entry) => entry ?? 'all entries').sort();
  const vouched = context === null ? 'not known: the report is made of others' : JSON.stringify(context);
  return [
    { label: 'Decided by', value: [...bundles.values()].map(bundleText).join('; ') || 'no bundle was asked' },
    { label: 'Entry', value: named.join(', ') || 'none' },
    { label: 'Context', value: vouched.length > MOST ? `${vouched.slice(0, MOST)}…` : vouched },
    { label: 'Made', value: `${at} by plan-lint ${RUNTIME_VERSION}` },
  ];
}
