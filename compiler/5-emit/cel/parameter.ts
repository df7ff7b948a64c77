import type { CelType } from '../../ir/cel.ts';
import { comma, integer, join, js, literal, name, type Code, type Json } from '../../code/code.ts';
import type { SupportName } from './scope.ts';

/** A parameter's value as text for `emitCel`'s `variables`, and the support functions in it. */
export interface EmittedParameter {
  readonly code: Code;
  readonly support: readonly SupportName[];
}

/**
 * The value of a policy's parameter as CEL has it: an `int` becomes a bigint, a `timestamp` is read from RFC 3339
 * text. Meant to be evaluated once, as a constant of the module.
 *
 * @throws RangeError where the value is not of the type; the caller has reported that before.
 */
export function emitParameter(value: Json, type: CelType): EmittedParameter {
  const support = new Set<SupportName>();
  const use = (used: SupportName, argument: Code): Code => {
    support.add(used);
    return js`${name(used)}(${argument})`;
  };
  const emit = (part: Json, of: CelType): Code => {
    const wrong = (): RangeError => new RangeError(`not a ${of.kind}: ${JSON.stringify(part)}`);
    switch (of.kind) {
      case 'dyn':
        return literal(part);
      case 'null':
      case 'bool':
      case 'double':
      case 'string':
        if ((part === null ? 'null' : typeof part) !== JS_TYPES[of.kind]) throw wrong();
        return literal(part);
      case 'int':
      case 'uint': {
        if (typeof part !== 'number' || !Number.isSafeInteger(part) || (of.kind === 'uint' && part < 0))
          throw wrong();
        const whole = integer(BigInt(part));
        return of.kind === 'int' ? whole : use('celUint', whole);
      }
      case 'timestamp':
      case 'duration':
        if (typeof part !== 'string') throw wrong();
        return use(of.kind === 'timestamp' ? 'celToTimestamp' : 'celToDuration', literal(part));
      case 'list': {
        if (!Array.isArray(part)) throw wrong();
        const elements = (part as readonly Json[]).map((element) => emit(element, of.element));
        return js`[${join(elements, comma)}]`;
      }
      case 'map': {
        if (typeof part !== 'object' || part === null || Array.isArray(part) || of.key.kind !== 'string')
          throw wrong();
        const parts = Object.entries(part).flatMap(([key, element]) =>
          element === undefined ? [] : [literal(key), emit(element, of.value)],
        );
        support.add('celMapOf');
        return js`${name('celMapOf')}([${join(parts, comma)}], [])`;
      }
      default:
        throw wrong();
    }
  };
  return { code: emit(value, type), support: [...support] };
}

const JS_TYPES = { null: 'null', bool: 'boolean', double: 'number', string: 'string' } as const;
