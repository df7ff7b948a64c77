/** What a test can say: it holds, it does not, or it cannot tell. */
export type Truth = true | false | 'unknown';

/** What a test may say once every value is there: one truth, or, where a reference stands, several. */
export type Outlook = readonly Truth[];

/** Where nobody knows the value, not even its type. */
export const ANYTHING: Outlook = [true, false, 'unknown'];

const notOne = (truth: Truth): Truth => (truth === 'unknown' ? truth : !truth);
const andOne = (all: readonly Truth[]): Truth =>
  all.includes(false) ? false : all.includes('unknown') ? 'unknown' : true;

export const certain = (truth: Truth): Outlook => [truth];
export const not = (outlook: Outlook): Outlook => outlook.map(notOne);
/** Each way in which all of them may turn out. */
export const and = (all: readonly Outlook[]): Outlook => {
  if (all.every(({ length }) => length === 1)) return certain(andOne(all.flat()));
  return all.reduce<Outlook>(
    (found, next) => [...new Set(found.flatMap((a) => next.map((b) => andOne([a, b]))))],
    [true],
  );
};
export const or = (all: readonly Outlook[]): Outlook => not(and(all.map(not)));
