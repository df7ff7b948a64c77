/** Files share a process: what one froze or replaced would be found by another, in another order, on another machine. */
import { afterAll, expect } from 'vitest';
import { checkIntrinsics, intrinsics } from '../../runtime/intrinsics.ts';

afterAll(() => {
  checkIntrinsics();
  expect(intrinsics.filter((holder) => Object.isFrozen(holder))).toEqual([]);
});
