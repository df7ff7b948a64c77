import type { CelNode } from '../ir/cel.ts';
import type { Checker } from './checker.ts';

/**
 * Refuses a time zone that is not written out as UTC or a fixed offset: the rules of a named zone change with
 * every release of the zone database, and a module must decide the same everywhere.
 */
export function checkZone(checker: Checker, args: readonly CelNode[]): void {
  const zone = args[1];
  if (!zone) return;
  if (zone.op !== 'constant' || zone.constant.kind !== 'string') {
    checker.fail(
      'unsupported',
      'a time zone must be written out as a literal',
      zone,
      'as in `"+02:00"` or `"UTC"`',
    );
    return;
  }
  if (/^(?:UTC|Z|[+-]?(?:0\d|1[0-4]):[0-5]\d)$/.test(zone.constant.value)) return;
  const message = 'time zones are `UTC` or a fixed offset, and this is a named one';
  checker.fail('unsupported', message, zone, 'write the offset, as in `"+02:00"`');
}
