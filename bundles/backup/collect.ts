/** What is to be in a backup, read from where it lies. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { UsageError } from '../failure.ts';
import { readIfThere } from '../files.ts';
import { filesBelow, rootOf } from '../walk.ts';
import type { Room } from './layout.ts';

export interface BackupPlaces {
  readonly policies: string;
  readonly state?: string;
  readonly trust?: string;
  /** Files of the configuration. */
  readonly config: readonly string[];
  /** Path of the audit log: its last checkpoint goes along, so that a cut end shows. */
  readonly audit?: string;
}

/** Content by path in the archive, and what was left out with its reason. */
export interface Collected {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly left: readonly string[];
}

/** Beside the audit log, as the service writes it. */
const checkpointPath = (log: string): string =>
  join(dirname(log), `${basename(log, extname(log))}-checkpoint.sigstore.json`);

/** Locks and drafts of a running service are nothing to keep. */
const isPassing = (name: string): boolean => /(^|\/)[^/]*\.lock(\/|$)|\.turn(\/|$)|\.tmp$/.test(name);

/** A file in no directory; what is not there was named for nothing. @throws UsageError */
async function namedFile(path: string, what: string): Promise<Uint8Array> {
  const content = await readIfThere(path);
  if (content) return content;
  throw new UsageError(`there is no ${what} \`${path}\``, 'name it as it is, or leave it out');
}

/**
 * @throws UsageError where nothing is found: an empty backup would push out good ones
 */
export async function collect(places: BackupPlaces): Promise<Collected> {
  const files = new Map<string, Uint8Array>();
  const left: string[] = [];
  const put = (room: Room, name: string, content: Uint8Array): void => {
    files.set(`${room}/${name}`, content);
  };
  async function putDirectory(room: Room, directory: string): Promise<void> {
    for await (const { name, path, kind } of filesBelow(await rootOf(directory), {
      passed: (skipped) => left.push(`${room}/${skipped}`),
    })) {
      if (kind === 'link') left.push(`${room}/${name} (a link that leads elsewhere)`);
      else if (isPassing(name)) left.push(`${room}/${name}`);
      else put(room, name, await readFile(path));
    }
  }

  await putDirectory('policies', places.policies);
  if (files.size === 0)
    throw new UsageError(
      `there is nothing in \`${places.policies}\``,
      'an empty backup would take the place of a good one: is the volume mounted?',
    );
  if (places.state !== undefined) await putDirectory('state', places.state);
  if (places.trust !== undefined) put('trust', 'trust.json', await namedFile(places.trust, 'trust root'));
  for (const path of places.config) put('config', basename(path), await namedFile(path, 'file'));
  if (places.audit !== undefined) {
    const checkpoint = checkpointPath(places.audit);
    const content = await readIfThere(checkpoint);
    if (content) put('audit', basename(checkpoint), content);
    else left.push(`audit/${basename(checkpoint)} (there is none)`);
  }
  return { files, left };
}
