/** `plan-lint import`: what an agent or a tool has written becomes a plan. */
import { resolve } from 'node:path';
import { createFiles } from '../files.ts';
import { readImported, readText } from '../plan-input.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';

export interface ImportOptions {
  readonly file: string;
  /** A format, or `auto`. */
  readonly from: string;
  readonly output?: string;
}

export function importFile({ file, from, output }: ImportOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { plan } = readImported(file, await readText(file, io), from, io);
    const content = `${JSON.stringify(plan, null, 2)}\n`;
    if (output === undefined) io.stdout(content);
    else await createFiles([{ path: resolve(io.cwd, output), content }]);
    return EXIT.ok;
  });
}
