/** Spellings of a text that pass for one another: which ones a test looks at, and the plain one of them. */
export { defaultSpelling, EXACT, plainOperand, SPELLED, spellingOf, textsOf } from './choice.ts';
export { plain } from '../../engine/text/plain.ts';
