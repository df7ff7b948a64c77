/** The name of this replica: part of the ids of its sessions, so that another one can say that they are elsewhere. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../write-whole.ts';

/** Eight hex digits, the same after a restart where there is a state directory. */
export async function instanceOf(stateDir: string | null): Promise<string> {
  const fresh = randomBytes(4).toString('hex');
  if (stateDir === null) return fresh;
  const path = join(stateDir, 'instance');
  const found = await readFile(path, 'utf8').catch(() => '');
  if (/^[0-9a-f]{8}$/.test(found)) return found;
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await writeWhole(path, fresh);
  return fresh;
}
