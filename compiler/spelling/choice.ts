import type { LeafDeclaration, OperandValue } from '../ir/document.ts';
import type { Choice, Spelling } from '../ir/spelling.ts';

const OF_TEXT: Spelling = { ignoreCase: 'either', normalize: 'either' };
/** A regular expression says itself where case does not matter. */
const OF_PATTERN: Spelling = { ignoreCase: 'no', normalize: 'either' };

/** What the operations that compare texts do where a policy does not say. */
const DEFAULTS: Readonly<Record<string, Spelling>> = {
  equals: OF_TEXT,
  not_equals: OF_TEXT,
  in: OF_TEXT,
  not_in: OF_TEXT,
  contains: OF_TEXT,
  not_contains: OF_TEXT,
  starts_with: OF_TEXT,
  ends_with: OF_TEXT,
  matches: OF_PATTERN,
  not_matches: OF_PATTERN,
};

export const EXACT: Spelling = { ignoreCase: 'no', normalize: 'no' };

/** The operations that compare texts. */
export const SPELLED: readonly string[] = Object.keys(DEFAULTS);

/** The spelling of a test without options of its own; absent for operations that compare no texts. */
export const defaultSpelling = (operation: string): Spelling | undefined =>
  Object.hasOwn(DEFAULTS, operation) ? DEFAULTS[operation] : undefined;

/** The spelling of a leaf, its own options before the defaults. */
export function spellingOf({ operation, ignoreCase, normalize }: LeafDeclaration): Spelling | undefined {
  const defaults = defaultSpelling(operation.value);
  return (
    defaults && {
      ignoreCase: chosen(ignoreCase?.value, defaults.ignoreCase),
      normalize: chosen(normalize?.value, defaults.normalize),
    }
  );
}

function chosen(said: boolean | undefined, otherwise: Choice): Choice {
  if (said === undefined) return otherwise;
  return said ? 'yes' : 'no';
}

/** The texts among the operands of a test. */
export const textsOf = (operand: OperandValue): readonly string[] =>
  (Array.isArray(operand) ? (operand as readonly unknown[]) : [operand]).filter(
    (item) => typeof item === 'string',
  );
