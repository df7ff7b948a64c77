import { didYouMean, error } from './entry.ts';

/** What something that looks like a reference was probably meant to be: a parameter, a value of the caller's context. */
export type ReferenceKind = 'params' | 'context' | 'unknown';

/**
 * Where a text stands that is taken as it is written: the operand of a test, a regular expression, an element of a list,
 * the value of a parameter, the name of a tool, a setting.
 */
export type TextPlace = 'operand' | 'pattern' | 'list' | 'parameter' | 'name' | 'setting';

export interface LikeReference {
  readonly text: string;
  readonly kind: ReferenceKind;
  readonly place: TextPlace;
  /** Whether nothing stands beside it. */
  readonly isWhole: boolean;
  readonly path: string;
}

const ALONE =
  'a reference to a parameter stands alone, as the whole `value: ${params.name}`; put the text around it into the parameter';

const OF_PARAMETERS: Readonly<Record<TextPlace, string>> = {
  operand: ALONE,
  pattern: ALONE,
  list: 'make the whole list a parameter (`type: list`) and write `value: ${params.name}`',
  parameter: 'the value of a parameter is written out; it is not made of other parameters',
  setting: 'a setting is written out; the `value` of a test may be a parameter',
  name: 'names of tools are written out; a child adds tools by `add_tools`',
};

const HINTS: Readonly<Record<ReferenceKind, (p: LikeReference) => string>> = {
  params: ({ place, isWhole, text, path }) => {
    const whole = `\${params.${path}}`;
    return didYouMean(place === 'operand' && isWhole && text !== whole ? whole : null, OF_PARAMETERS[place]);
  },
  context: ({ path }) =>
    `a test compares with what the caller vouches for by \`value_from: context.${path}\` in place of \`value\``,
  unknown: () =>
    'an operand is a literal or a whole parameter, `value: ${params.name}`; to look for this very text, use `operation: matches` with `\\$\\{` or `\\{\\{`',
};

/** 1-parse: texts of a policy in which something looks like a reference. */
export const ofReferences = {
  PL1116: error(
    (p: LikeReference) => `\`${p.text}\` looks like a reference, and nothing would be put in its place`,
    (p) => HINTS[p.kind](p),
  ),
};
