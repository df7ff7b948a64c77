import type { ArgPath } from '../ir/path.ts';
import type { ValueTest } from './values.ts';

/** That a test on some path fires, or that it does not. */
export interface Demand {
  readonly path: ArgPath | null;
  readonly test: ValueTest;
  readonly negated: boolean;
  readonly fires: boolean;
}
