/** What a test can say: it holds, it does not, or it cannot tell. */
export type Truth = true | false | 'unknown';

/** What a test may say once every value is there: one truth, or, where a reference stands, several. */
export type Outlook = readonly Truth[];
