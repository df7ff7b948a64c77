/** The audit log. */
export type * from './event.ts';
