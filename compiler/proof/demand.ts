import type { ArgPath } from '../ir/path.ts';
import type { ValueTest } from './values.ts';

/** Tests as a key: demands with the same key speak of the same value. */
export const pathKey = (path: ArgPath | null): string => JSON.stringify(path);

/** That a test on some path fires, or that it does not. */
export interface Demand {
  readonly path: ArgPath | null;
  readonly test: ValueTest;
  readonly negated: boolean;
  readonly fires: boolean;
}
