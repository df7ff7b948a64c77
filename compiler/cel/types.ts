import type { CelScalarKind, CelType } from '../ir/cel.ts';

const scalar = (kind: CelScalarKind): CelType => ({ kind });

export const DYN = scalar('dyn');
/** Something of a plan or a context: its type is known when it comes, and every number in it is a double. */
export const JSON: CelType = { kind: 'dyn', json: true };
export const NULL = scalar('null');
export const BOOL = scalar('bool');
export const INT = scalar('int');
export const UINT = scalar('uint');
export const DOUBLE = scalar('double');
export const STRING = scalar('string');
export const BYTES = scalar('bytes');
export const TIMESTAMP = scalar('timestamp');
export const DURATION = scalar('duration');

export const listOf = (element: CelType): CelType => ({ kind: 'list', element });
export const mapOf = (key: CelType, value: CelType): CelType => ({ kind: 'map', key, value });
export const optionalOf = (element: CelType): CelType => ({ kind: 'optional', element });
export const typeOf = (of: CelType): CelType => ({ kind: 'type', of });

/**
 * The names of types that may stand in an expression, with the name the running value carries
 * (langdef.md "Types as values").
 */
export const TYPE_NAMES: Readonly<Record<string, { readonly runtime: string; readonly type: CelType }>> = {
  bool: { runtime: 'bool', type: BOOL },
  int: { runtime: 'int', type: INT },
  uint: { runtime: 'uint', type: UINT },
  double: { runtime: 'double', type: DOUBLE },
  string: { runtime: 'string', type: STRING },
  bytes: { runtime: 'bytes', type: BYTES },
  null_type: { runtime: 'null_type', type: NULL },
  list: { runtime: 'list', type: listOf(DYN) },
  map: { runtime: 'map', type: mapOf(DYN, DYN) },
  type: { runtime: 'type', type: typeOf(DYN) },
  optional_type: { runtime: 'optional_type', type: optionalOf(DYN) },
  'google.protobuf.Timestamp': { runtime: 'google.protobuf.Timestamp', type: TIMESTAMP },
  'google.protobuf.Duration': { runtime: 'google.protobuf.Duration', type: DURATION },
};

/** A type as the author would write it: `list(int)`, `map(string, dyn)`. */
export function formatType(type: CelType): string {
  switch (type.kind) {
    case 'list':
      return `list(${formatType(type.element)})`;
    case 'map':
      return `map(${formatType(type.key)}, ${formatType(type.value)})`;
    case 'optional':
      return `optional(${formatType(type.element)})`;
    case 'type':
      return `type(${formatType(type.of)})`;
    case 'record':
      return type.name;
    case 'parameter':
      return 'dyn';
    default:
      return type.kind;
  }
}

/** Types whose values may also be null (cel-spec, langdef.md "Abstract types and null"). */
const nullable = new Set<CelType['kind']>(['timestamp', 'duration', 'optional', 'null']);

/** A record seen as the map it is. */
function asMap(type: CelType): CelType {
  return type.kind === 'record' ? mapOf(STRING, DYN) : type;
}

/**
 * What is known of the type parameters while an expression is checked. Unification as the specification's
 * type checker describes it: `dyn` fits everywhere, a parameter takes the first type it meets and widens to
 * `dyn` never by itself.
 */
export class Substitution {
  #bindings = new Map<number, CelType>();
  #next = 0;

  fresh(): CelType {
    return { kind: 'parameter', id: this.#next++ };
  }

  /** Runs `attempt` and forgets what it learnt unless it returns true. */
  try(attempt: () => boolean): boolean {
    const saved = new Map(this.#bindings);
    if (attempt()) return true;
    this.#bindings = saved;
    return false;
  }

  /** The type with every known parameter replaced. */
  resolve(type: CelType): CelType {
    switch (type.kind) {
      case 'parameter': {
        const bound = this.#bindings.get(type.id);
        return bound ? this.resolve(bound) : type;
      }
      case 'list':
        return listOf(this.resolve(type.element));
      case 'map':
        return mapOf(this.resolve(type.key), this.resolve(type.value));
      case 'optional':
        return optionalOf(this.resolve(type.element));
      case 'type':
        return typeOf(this.resolve(type.of));
      default:
        return type;
    }
  }

  /** May a value of type `source` stand where `target` is asked for? Binds parameters on the way. */
  assign(target: CelType, source: CelType): boolean {
    const wanted = this.#shallow(target);
    const given = this.#shallow(source);
    // A record stays one behind a parameter: an element of a list of steps is a step.
    if (wanted.kind === 'parameter') return this.#bind(wanted, given);
    if (given.kind === 'parameter') return this.#bind(given, wanted);
    const want = asMap(wanted);
    const have = asMap(given);
    if (want.kind === 'dyn' || have.kind === 'dyn') return true;
    if (have.kind === 'null' && nullable.has(want.kind)) return true;
    if (want.kind === 'null' && nullable.has(have.kind)) return true;
    if (want.kind === 'list' && have.kind === 'list') return this.assign(want.element, have.element);
    if (want.kind === 'optional' && have.kind === 'optional') return this.assign(want.element, have.element);
    if (want.kind === 'map' && have.kind === 'map') {
      return this.assign(want.key, have.key) && this.assign(want.value, have.value);
    }
    // Any two types may be compared: `type(x) == int`.
    return want.kind === have.kind;
  }

  /** The type of a place that holds values of both types, as the elements of one list do. */
  join(left: CelType, right: CelType): CelType {
    const first = this.resolve(left);
    const second = this.resolve(right);
    if (first.kind === 'dyn' || second.kind === 'dyn') return DYN;
    if (!this.try(() => this.assign(first, second))) return DYN;
    return mostGeneral(this.resolve(first), this.resolve(second));
  }

  #shallow(type: CelType): CelType {
    let current = type;
    while (current.kind === 'parameter') {
      const bound = this.#bindings.get(current.id);
      if (!bound) break;
      current = bound;
    }
    return current;
  }

  #bind(parameter: CelType & { kind: 'parameter' }, type: CelType): boolean {
    if (type.kind === 'parameter' && type.id === parameter.id) return true;
    if (this.#mentions(type, parameter.id)) return false;
    this.#bindings.set(parameter.id, type);
    return true;
  }

  #mentions(type: CelType, id: number): boolean {
    const found = this.resolve(type);
    switch (found.kind) {
      case 'parameter':
        return found.id === id;
      case 'list':
      case 'optional':
        return this.#mentions(found.element, id);
      case 'map':
        return this.#mentions(found.key, id) || this.#mentions(found.value, id);
      case 'type':
        return this.#mentions(found.of, id);
      default:
        return false;
    }
  }
}

/** Of two types that fit each other, the one that promises less. */
function mostGeneral(left: CelType, right: CelType): CelType {
  if (left.kind === 'dyn' || right.kind === 'dyn') return DYN;
  if (left.kind === 'null') return right;
  if (left.kind === 'list' && right.kind === 'list') return listOf(mostGeneral(left.element, right.element));
  if (left.kind === 'optional' && right.kind === 'optional') {
    return optionalOf(mostGeneral(left.element, right.element));
  }
  if (left.kind === 'map' && right.kind === 'map') {
    return mapOf(mostGeneral(left.key, right.key), mostGeneral(left.value, right.value));
  }
  return left.kind === 'record' && right.kind === 'record' && left.name !== right.name
    ? mapOf(STRING, DYN)
    : left;
}

/** Replaces what is still unknown at the end by `dyn`. */
export function settle(type: CelType): CelType {
  switch (type.kind) {
    case 'parameter':
      return DYN;
    case 'list':
      return listOf(settle(type.element));
    case 'map':
      return mapOf(settle(type.key), settle(type.value));
    case 'optional':
      return optionalOf(settle(type.element));
    case 'type':
      return typeOf(settle(type.of));
    default:
      return type;
  }
}

/** `a string`, `an int`. */
export function article(type: string): string {
  return `${/^(?:int|optional)/.test(type) ? 'an' : 'a'} ${type}`;
}
