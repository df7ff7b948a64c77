/** What a test may come to, as bits: a demand on it is a set of them. */
export const TRUE = 1;
export const FALSE = 2;
export const ERROR = 4;
export const ANY = 7;

/** For each test the states that it may be in. */
export type Demands = Map<number, number>;

export const stateOf = (holds: boolean): number => (holds ? TRUE : FALSE);
