/** Spellings of a text that pass for one another: which ones a test looks at, and the plain one of them. */
export { defaultSpelling, EXACT, SPELLED, spellingOf, textsOf } from './choice.ts';
export { heldIn, heldInUnknown, heldSpelling, lead, nounOf } from './view.ts';
export { plainOperand, plainOperands } from '../../engine/text/operands.ts';
export { comparison } from '../../engine/text/comparison.ts';
export { mayBeNamed, isNamed } from '../../engine/text/named.ts';
export { isPrivateHost } from '../../engine/text/decode/private.ts';
export { plain, readings } from '../../engine/text/plain.ts';
export { decimalText } from '../../engine/text/decimal.ts';
export { isBlank, numberIn, readsLike, wordsIn } from '../../engine/text/reads-like.ts';
export { bare, FOLDS, PLAIN } from '../../engine/text/bare.ts';
export { isOpaque, isWhole, memberOf, readText, UnknownValue } from '../../engine/text/references.ts';
