/** What policy sources declare about exceptions: all that a module, which only has to apply them, does not keep. */
import { Diagnostics, decodeUtf8, place } from '../../compiler/inspect.ts';
import { lowerException, memoryHost, resolvePolicies } from '../../compiler/index.ts';
import type { DeclaredException } from '../text/inspection-facts.ts';

export interface Declared {
  readonly entry: string;
  readonly rule: string;
  /** As the module has it. */
  readonly label: string;
  readonly exception: DeclaredException;
}

/**
 * @param sources - the policy files by path, as they were signed
 * @param entries - of the bundle
 * @returns nothing for sources that this version does not compile: what decides is the module
 */
export async function declaredExceptions(
  sources: ReadonlyMap<string, Uint8Array>,
  entries: readonly string[],
): Promise<readonly Declared[]> {
  const texts = [...sources].map(([path, bytes]) => [path, decodeUtf8(bytes) ?? ''] as const);
  const host = memoryHost(Object.fromEntries(texts));
  const policies = await resolvePolicies(host, { entries }, new Diagnostics());
  return (policies?.entries ?? []).flatMap(({ name, exceptions }) =>
    exceptions.map((exception): Declared => {
      const { rule, policy, ticket, reason, requestedBy, approvedBy, scope, span } = exception;
      return {
        entry: name,
        rule,
        label: lowerException(exception).label,
        exception: {
          policy,
          ticket,
          reason,
          requested_by: requestedBy.value,
          approved_by: approvedBy.value,
          scope: {
            tools: scope.tools?.map(({ value }) => value) ?? null,
            context: scope.context.map(({ path, values }) => ({ path: path.join('.'), values })),
          },
          origin: place(span),
        },
      };
    }),
  );
}
