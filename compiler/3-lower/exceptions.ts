import type { ProgramWaiver } from '../ir/program.ts';
import type { ResolvedException } from '../ir/resolved.ts';

/** Earliest instant a JavaScript date can hold (ECMA-262 §21.4.1.1). */
const BEGINNING = -8.64e15;

/** An exception as data of the module; its label is what a violation shows. */
export function lowerException({
  rule,
  scope,
  ticket,
  reason,
  approvedBy,
  notBefore,
  expires,
}: ResolvedException): ProgramWaiver {
  const until = new Date(expires.value).toISOString().replace('.000Z', 'Z');
  return {
    rule,
    label: `${ticket}: ${reason} (approved by ${approvedBy.value}, until ${until})`,
    notBefore: notBefore?.value ?? BEGINNING,
    expires: expires.value,
    scope,
  };
}
