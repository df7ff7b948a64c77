/** Opens a file of a log that is written meanwhile: by the time it is opened it may have been closed under another name, or compressed. */
import { open, type FileHandle } from 'node:fs/promises';
import { isSystemCode } from './errors.ts';
import { readLine } from './line.ts';
import { chunksOfFile, linesIn } from './read-lines.ts';
import { listSegments, type Segment } from './segments.ts';

/** A file moves twice in its life. */
const ATTEMPTS = 5;

export interface OpenedSegment {
  readonly segment: Segment;
  /** `null` for a compressed one, which is read by its path. */
  readonly handle: FileHandle | null;
}

/** Whether the file under the name is still the one that was listed. */
async function begins(handle: FileHandle, first: number): Promise<boolean> {
  for await (const lines of linesIn(chunksOfFile(handle, 0), 0))
    return readLine(lines[0]?.text ?? '')?.seq === first;
  return false;
}

/**
 * Opens the file that is chosen of those that are there.
 *
 * @param choose - `null`: none of them
 * @throws Error of the system
 */
export async function openSegment(
  path: string,
  choose: (segments: readonly Segment[]) => Segment | null,
): Promise<OpenedSegment | null> {
  for (let left = ATTEMPTS; left > 0; left -= 1) {
    const { segments } = await listSegments(path);
    const segment = choose(segments);
    if (segment === null || segment.isGzip) return segment && { segment, handle: null };
    try {
      const handle = await open(segment.path, 'r');
      if (await begins(handle, segment.first)) return { segment, handle };
      await handle.close();
    } catch (error) {
      if (!isSystemCode(error, 'ENOENT') || left === 1) throw error;
    }
  }
  return null;
}

/** A directory that is read while a name in it changes may show neither: a hole is believed when it was seen so often. */
const DOUBTS = 3;
const PAUSE = 20;

/**
 * Opens the file behind one that has been read to its end.
 *
 * @param current - number of the first line of the file that was read
 * @param seq - number of its last line
 */
export async function openFollowing(
  path: string,
  current: number,
  seq: number,
): Promise<OpenedSegment | null> {
  for (let left = DOUBTS; ; left -= 1) {
    const opened = await openSegment(
      path,
      (segments) => segments.find(({ first }) => first > current) ?? null,
    );
    if (!opened || opened.segment.first <= seq + 1 || left === 0) return opened;
    await opened.handle?.close();
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
