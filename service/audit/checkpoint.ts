/**
 * Checkpoints: the service signs, again and again, how far the log goes and what its last line is. Whoever keeps one elsewhere can tell
 * later that nothing before it was changed, and that the end was not cut off. A checkpoint is a sigstore bundle about that line as
 * a file (`sed -n 5p audit.log`), so that cosign and openssl verify it, too.
 */
import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { STATEMENT_TYPE } from '@plan-lint/runtime/contract';
import { canonicalJson } from '@plan-lint/runtime/digest';
import { parseJson } from '@plan-lint/runtime/json';
import { CHECKPOINT_TYPE, parseSidecar, type CheckpointPredicate } from '@plan-lint/runtime/tools';
import { signPayload, type Signer } from 'plan-lint/sign';
import type { Head } from './line.ts';
import { checkpointsPath, lastCheckpointPath } from './segments.ts';

/** Makes a sigstore bundle, in the runtime's layout, about a line given by its sha256. */
export type CheckpointSigner = (
  line: { readonly name: string; readonly sha256: string },
  predicate: CheckpointPredicate,
) => Promise<Uint8Array>;

/** Signs checkpoints with a key, or whatever else can sign (`keySigner` of `plan-lint/sign`). */
export function checkpointSigner(signer: Signer): CheckpointSigner {
  return ({ name, sha256 }, predicate) => {
    const statement = {
      _type: STATEMENT_TYPE,
      subject: [{ name, digest: { sha256 } }],
      predicateType: CHECKPOINT_TYPE,
      predicate,
    };
    return signPayload(Buffer.from(canonicalJson(statement)), signer);
  };
}

/** A sidecar as a line; no text in it holds a line end. */
export const oneLine = (sidecar: string): string => `${JSON.stringify(JSON.parse(sidecar))}\n`;

/** Signs a line and writes the checkpoint: to the list of them, and alone for who copies it away. */
export async function writeCheckpoint(
  { path, log, sign }: { readonly path: string; readonly log: string; readonly sign: CheckpointSigner },
  head: Head,
  at: number,
): Promise<void> {
  const predicate = { log, seq: head.seq, timestamp: new Date(at).toISOString() };
  const sidecar = Buffer.from(
    await sign({ name: `line ${head.seq}`, sha256: head.hash }, predicate),
  ).toString();
  // A line of its own; with two spaces of indent again (`jq .`) it is the sidecar, byte for byte.
  await appendFile(checkpointsPath(path), oneLine(sidecar), { mode: 0o644 });
  const last = lastCheckpointPath(path);
  await writeFile(`${last}.tmp`, sidecar, { mode: 0o644 });
  await rename(`${last}.tmp`, last);
}

/** The checkpoints of a log as they lie beside it, oldest first; a torn last one is left out. */
export async function readCheckpoints(path: string): Promise<readonly Uint8Array[]> {
  const text = await readFile(checkpointsPath(path), 'utf8').catch(() => '');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Buffer.from(asSidecar(line)));
}

/** A line of the list as the sidecar that it was. */
function asSidecar(line: string): string {
  try {
    return `${JSON.stringify(JSON.parse(line), null, 2)}\n`;
  } catch {
    return line;
  }
}

/** The number of the line that a checkpoint says it is about, unverified; `null` where it says none. */
export function parseStatementSeq(sidecar: Uint8Array): number | null {
  try {
    const { payload } = parseSidecar(sidecar);
    const { predicate } = parseJson(Buffer.from(payload).toString('utf8')) as {
      predicate?: { seq?: unknown };
    };
    return typeof predicate?.seq === 'number' ? predicate.seq : null;
  } catch {
    return null;
  }
}

/** How far the last checkpoint beside a log says it goes, unverified; `null` where there is none. */
export const readLastCheckpoint = (path: string): Promise<number | null> =>
  readFile(lastCheckpointPath(path)).then(parseStatementSeq, () => null);
