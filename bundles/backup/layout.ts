/** What a backup holds, and where: one archive, which says of each file in it what it is to be. */
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { sha256Hex } from '../../compiler/6-sign/index.ts';
import { readArchive, writeArchive, type Entries } from '../archive.ts';
import { UsageError } from '../failure.ts';

export const MANIFEST = 'backup.json';
const FORMAT = 'plan-lint-backup/1';

/** Rooms of the archive. */
export const ROOMS = ['policies', 'state', 'trust', 'config', 'audit'] as const;
export type Room = (typeof ROOMS)[number];

export interface BackupManifest {
  readonly format: typeof FORMAT;
  /** RFC 3339 in UTC. */
  readonly created: string;
  /** By their path in the archive, sha256 in lower-case hex. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Backup {
  readonly manifest: BackupManifest;
  readonly entries: Entries;
}

/** The bytes of a backup, the same for the same files and instant. */
export function packBackup(files: Entries, created: string): Uint8Array {
  const digests = [...files].map(([path, content]) => [path, sha256Hex(content)] as const);
  const manifest: BackupManifest = {
    format: FORMAT,
    created,
    files: Object.fromEntries(digests.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return writeArchive(new Map([...files, [MANIFEST, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]]));
}

const refuse = (why: string): never => {
  throw new UsageError(
    `it is no backup of plan-lint: ${why}`,
    'take another one; `latest-backup.json` names the last',
  );
};

function readManifest(content: Uint8Array | undefined): BackupManifest {
  try {
    const given = parseJson(Buffer.from(content ?? []).toString()) as Partial<BackupManifest> | null;
    const { format, created, files } = given ?? {};
    const isSound =
      format === FORMAT &&
      typeof created === 'string' &&
      typeof files === 'object' &&
      Object.values(files).every((digest) => typeof digest === 'string');
    if (isSound) return { format, created, files };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
  }
  return refuse(`${MANIFEST} cannot be read`);
}

/**
 * Reads a backup back: whether each file is there, as it was, and nothing else.
 *
 * @throws UsageError, BundleError `module_malformed` for what is no archive
 */
export function unpackBackup(bytes: Uint8Array): Backup {
  const entries = readArchive(bytes);
  const manifest = readManifest(entries.get(MANIFEST));
  const listed = new Map(Object.entries(manifest.files));
  for (const [path, digest] of listed) {
    const content = entries.get(path);
    if (!content || sha256Hex(content) !== digest) refuse(`\`${path}\` is not as it was`);
    if (!ROOMS.some((room) => path.startsWith(`${room}/`))) refuse(`\`${path}\` belongs nowhere`);
  }
  if (entries.size !== listed.size + 1) refuse('it holds files that nobody has listed');
  return { manifest, entries };
}

/** The files of one room, by their path in it. */
export const roomOf = ({ entries }: Backup, room: Room): Entries =>
  new Map(
    [...entries].flatMap(([path, content]) =>
      path.startsWith(`${room}/`) ? [[path.slice(room.length + 1), content] as const] : [],
    ),
  );
