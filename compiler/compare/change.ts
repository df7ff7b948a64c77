import type { Example } from '../examples/example.ts';
import type { Relation } from '../laws/relation.ts';

/**
 * What became of one value. `changed`: plans are decided alike, and something else is reported of them. The others are
 * the laws of inheritance read both ways: what the compiler would call weaker is `looser`.
 */
export type Direction = Exclude<Relation, 'same'> | 'changed';

export interface Change {
  /** The entry; `*` where a change is of the bundle as a whole. */
  readonly entry: string;
  readonly what: string;
  readonly direction: Direction;
  readonly says: string;
  /** Whether it is about what the rule fires on, so that a plan can show it. */
  readonly condition?: boolean;
  /** A plan that the rule stops only now. */
  readonly stopped?: Example;
  /** A plan that the rule stops no longer. */
  readonly passed?: Example;
}

/** A change of one kind: its direction, in words, with plans that show it. */
export type Step = Omit<Change, 'entry' | 'what' | 'direction'> & {
  readonly direction: Direction | 'same';
};

/** A step of an entry as a change; none where nothing changed. */
export function asChange(entry: string, what: string, { direction, ...rest }: Step): readonly Change[] {
  return direction === 'same' ? [] : [{ entry, what, direction, ...rest }];
}

/** Whether a change lets something pass, or may: what a pipeline should stop at. */
export const mayBeLooser = ({ direction }: Change): boolean =>
  direction !== 'stricter' && direction !== 'changed';
