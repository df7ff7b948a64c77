import { printable } from '../../compiler/inspect.ts';
import { passedOverText } from '../../decisions/summary.ts';
import type { Io } from '../terminal/io.ts';

/** Says which files were there and not looked at, beside a report that does not. */
export function tellPassedOver(passedOver: readonly string[], io: Io): void {
  const text = passedOverText({ passedOver });
  if (text !== '') io.stderr(`${printable(text)}\n`);
}
