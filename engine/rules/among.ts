/** Whether a value is one of some that are known only when a plan is decided; emission writes the same down for literals. */
import { readsLike } from '../text/reads-like.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

type Scalar = string | number | boolean | null;

/** Scalars, and the test whether a text is one of the texts among them. */
export interface Among {
  readonly scalars: readonly Scalar[];
  readonly isText: (text: string) => boolean;
}

/** Puts scalars together with the comparison of their texts. */
export const among =
  (compare: (texts: readonly string[]) => (text: string) => boolean) =>
  (operand: Scalar | readonly Scalar[]): Among => {
    const scalars = isArray(operand) ? operand : [operand];
    return { scalars, isText: compare(scalars.filter((scalar) => typeof scalar === 'string')) };
  };

/** It is one of them for sure. */
export function isAmongThem(value: unknown, { scalars, isText }: Among): boolean {
  if (typeof value === 'string') return isText(value);
  return scalars.includes(value as Scalar);
}

/** It is one of them, or may pass for one: a tool may take `["admin"]` for `"admin"`, or `"5"` for 5. */
export function mayBeAmongThem(value: unknown, them: Among): boolean {
  if (typeof value === 'object' && value !== null) return true;
  return isAmongThem(value, them) || readsLike(value, them.scalars);
}
