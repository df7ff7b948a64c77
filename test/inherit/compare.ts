/** Two texts of a policy, and what `diff` says of them. */
import type { Change } from '../../compiler/compare/change.ts';
import { comparePolicies } from '../../compiler/compare/policies.ts';
import { memoryHost, renderDiagnostic, resolvePolicies } from '../../compiler/index.ts';
import type { ResolvedPolicies } from '../../compiler/index.ts';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';

export type Files = Readonly<Record<string, string>>;

export async function meaningOf(files: Files): Promise<ResolvedPolicies> {
  const diagnostics = new Diagnostics();
  const policies = await resolvePolicies(memoryHost(files), {}, diagnostics);
  if (!policies) throw new Error(diagnostics.sorted().map(renderDiagnostic).join('\n'));
  return policies;
}

const filesOf = (policy: string | Files): Files =>
  typeof policy === 'string' ? { 'p.yaml': policy } : policy;

export async function changes(old: string | Files, now: string | Files): Promise<readonly Change[]> {
  return comparePolicies(await meaningOf(filesOf(old)), await meaningOf(filesOf(now)));
}

export const told = (all: readonly Change[]): readonly string[] =>
  all.map(({ what, direction, says }) => `${direction} ${what}: ${says}`);
