import { keyText } from './access.ts';
import { spend } from './budget.ts';
import type { Budget } from './budget.ts';
import { keysOf } from './compare.ts';
import { toBigint } from './number.ts';
import { UnknownValue } from '../text/references.ts';
import {
  CelFailure,
  CelMap,
  CelOptional,
  clean,
  failed,
  isList,
  isPlain,
  NO_OVERLOAD,
  owns,
  REPEATED_KEY,
  TOO_MUCH,
  worse,
} from './value.ts';

/** A list literal: a failure among the elements is the result. */
export function celList(elements: readonly unknown[]): unknown {
  for (const element of elements) if (element instanceof CelFailure) return element;
  return elements;
}

/** A list literal with optional elements: `optional[i]` says that element i was written `?element`. */
export function celOptionalList(elements: readonly unknown[], optional: readonly boolean[]): unknown {
  const list: unknown[] = [];
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i];
    if (optional[i] !== true) list.push(element);
    else if (!(element instanceof CelOptional)) return failed(element);
    else if (element.present) list.push(element.value);
  }
  return celList(list);
}

/** Puts an entry into a map that is being made; the failure if that cannot be. */
function put(map: CelMap, key: unknown, value: unknown): CelFailure | null {
  if (key instanceof CelFailure) return key;
  if (value instanceof CelFailure) return value;
  const text = typeof key === 'number' ? '' : keyText(key);
  if (text === '') return NO_OVERLOAD;
  if (owns(map.index, text)) return REPEATED_KEY;
  map.index[text] = map.keys.length;
  map.keys.push(key);
  map.values.push(value);
  return null;
}

/** A map literal: keys and values by turns. */
export function celMapOf(entries: readonly unknown[], optional: readonly boolean[]): unknown {
  const map = new CelMap();
  for (let i = 0; i < entries.length; i += 2) {
    let value = entries[i + 1];
    if (optional[i / 2] === true) {
      if (!(value instanceof CelOptional)) return failed(entries[i], value);
      if (!value.present) continue;
      value = value.value;
    }
    const problem = put(map, entries[i], value);
    if (problem) return problem;
  }
  return map;
}

type Body = (first: unknown, second: unknown) => unknown;

/** What a macro goes over: `first` and `second` of each turn as its body takes them. */
interface Range {
  readonly list: readonly unknown[];
  readonly keys: readonly unknown[];
}

/** `names` 1: elements or keys. 2: index and element, or key and value. */
function rangeOf(budget: Budget, range: unknown): Range | CelFailure {
  if (isList(range)) return { list: range, keys: [] };
  if (range instanceof CelMap) return { list: range.values, keys: range.keys };
  if (!isPlain(range)) return failed(range);
  const keys = keysOf(budget, range);
  const list: unknown[] = [];
  for (const key of keys) list.push(range[key as string]);
  return { list, keys };
}

/** Runs `visit` for each element until it returns true. */
function each(
  budget: Budget,
  range: unknown,
  names: number,
  visit: (first: unknown, second: unknown) => boolean,
): CelFailure | null {
  const found = rangeOf(budget, range);
  if (found instanceof CelFailure) return found;
  const { list, keys } = found;
  const map = keys.length > 0;
  for (let i = 0; i < list.length; i++) {
    if (!spend(budget, 1)) return TOO_MUCH;
    const element = clean(list[i]);
    const ofList = names === 1 ? element : toBigint(i);
    const first = map ? keys[i] : ofList;
    if (visit(first, element)) break;
  }
  return null;
}

/** What an element adds that decides nothing: an error, which wins over a value that is not known. */
const worseOf = (result: unknown, verdict: unknown): CelFailure =>
  worse(result instanceof CelFailure ? result : null, failed(verdict));

/** Errors are absorbed by an element that decides (langdef.md "Macros"). */
export function celAll(budget: Budget, range: unknown, names: number, body: Body): unknown {
  let result: unknown = true;
  const problem = each(budget, range, names, (first, second) => {
    const verdict = body(first, second);
    if (verdict === false) result = false;
    else if (verdict !== true) result = worseOf(result, verdict);
    return verdict === false;
  });
  return problem ?? result;
}

export function celExists(budget: Budget, range: unknown, names: number, body: Body): unknown {
  let result: unknown = false;
  const problem = each(budget, range, names, (first, second) => {
    const verdict = body(first, second);
    if (verdict === true) result = true;
    else if (verdict !== false) result = worseOf(result, verdict);
    return verdict === true;
  });
  return problem ?? result;
}

/** Absorbs nothing: an error of any element is the result. */
export function celExistsOne(budget: Budget, range: unknown, names: number, body: Body): unknown {
  let count = 0;
  let failure: CelFailure | null = null;
  const problem = each(budget, range, names, (first, second) => {
    const verdict = body(first, second);
    if (verdict === true) count++;
    else if (verdict !== false) failure = worse(failure, failed(verdict));
    return failure !== null && !(failure instanceof UnknownValue);
  });
  return problem ?? failure ?? count === 1;
}

/** `map` and `transformList`. */
export function celTransformList(
  budget: Budget,
  range: unknown,
  names: number,
  filter: Body | null,
  body: Body,
): unknown {
  const list: unknown[] = [];
  let failure: CelFailure | null = null;
  const problem = each(budget, range, names, (first, second) => {
    const verdict = filter ? filter(first, second) : true;
    if (verdict === true) {
      const value = body(first, second);
      if (value instanceof CelFailure) failure = value;
      list.push(value);
    } else if (verdict !== false) failure = failed(verdict);
    return failure !== null;
  });
  return problem ?? failure ?? list;
}

export function celFilter(budget: Budget, range: unknown, names: number, body: Body): unknown {
  return celTransformList(budget, range, names, body, (first) => first);
}

/** `entry`: the body makes a map with the entry itself (`transformMapEntry`), else the key stays. */
export function celTransformMap(
  budget: Budget,
  range: unknown,
  entry: boolean,
  filter: Body | null,
  body: Body,
): unknown {
  const map = new CelMap();
  let failure: CelFailure | null = null;
  const problem = each(budget, range, 2, (key, element) => {
    const verdict = filter ? filter(key, element) : true;
    if (verdict === true) {
      const value = body(key, element);
      failure = entry ? putAll(map, value) : put(map, key, value);
    } else if (verdict !== false) failure = failed(verdict);
    return failure !== null;
  });
  return problem ?? failure ?? map;
}

function putAll(map: CelMap, entries: unknown): CelFailure | null {
  if (!(entries instanceof CelMap)) return failed(entries);
  for (let i = 0; i < entries.keys.length; i++) {
    const problem = put(map, entries.keys[i], entries.values[i]);
    if (problem) return problem;
  }
  return null;
}
