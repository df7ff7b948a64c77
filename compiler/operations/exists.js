import { js } from '../5-emit/code.js';
/** `null` cannot be told: one tool takes it for absent, another for a value. */
export const exists = {
  name: 'exists',
  operand: 'none',
  reads: 'value',
  anywhere: false,
  uses: ['bad'],
  says: (_x, negated) => (negated ? 'is missing' : 'is present'),
  maybe: (v) => js`${v}!==undefined`,
  definitely: (v) => js`${v}!==undefined&&${v}!==null&&${v}!==bad`,
};
