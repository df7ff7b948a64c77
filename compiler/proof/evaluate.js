import { globMatches } from '../glob/covers.js';
import { BAD, firesOn } from './values.js';
/** Whether a condition fires on a step: unless it is known to fail. */
export function fires(expr, tool, args) {
  switch (expr.kind) {
    case 'constant':
      return expr.value;
    case 'tool':
      return expr.globs.some((glob) => globMatches(glob, tool)) !== expr.negated;
    case 'and':
      return expr.items.every((item) => fires(item, tool, args));
    case 'or':
      return expr.items.some((item) => fires(item, tool, args));
    default:
      return argFires(expr, args);
  }
}
/** Stands for what a `[*]` finds where there is no array: no test can tell. */
const UNTOLD = Symbol('untold');
function argFires({ path, test, negated }, args) {
  const found = valuesAt(args, path ?? []);
  const each = (value) => value === UNTOLD || firesOn(test, negated, value);
  // A negated test speaks of all values of its path.
  return negated ? found.every(each) : found.some(each);
}
function valuesAt(value, path) {
  const [segment, ...rest] = path;
  if (segment === undefined) return [value];
  if (typeof segment === 'string') return valuesAt(member(value, segment), rest);
  if (value === undefined) return valuesAt(undefined, rest);
  return Array.isArray(value) ? value.flatMap((item) => valuesAt(item, rest)) : [UNTOLD];
}
function member(object, key) {
  if (object === undefined || object === BAD) return object;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return BAD;
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
