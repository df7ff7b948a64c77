import { many } from '../../compiler/inspect.ts';

/** How many checks are put off: `1 check waits`, `2 checks wait`. */
export const waitingChecks = (count: number): string =>
  `${many(count, 'check')} ${count === 1 ? 'waits' : 'wait'}`;
