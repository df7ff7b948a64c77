import { Later } from './references.ts';
import type { OracleStep } from './shape.ts';

/** The value a path of names leads to; `undefined` where it leads nowhere. What a reference stands for may have members. */
export function valueAt(step: OracleStep, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    if (value instanceof Later)
      return value.isWhole ? new Later(`${value.text} ${name}`, value.known, value.ids) : undefined;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  }, step.args);
}
