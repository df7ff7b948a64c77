/**
 * Verifies a log from its files alone: that each line follows on the one before, that none is missing, and that what was signed about
 * it is still there. It takes no lock and trusts no name of a file; a log may be written while it is read.
 */
import { stat } from 'node:fs/promises';
import type { TrustRoot } from '@plan-lint/runtime';
import { BundleError } from '@plan-lint/runtime';
import { verifyCheckpoint, type VerifiedCheckpoint } from '@plan-lint/runtime/tools';
import { readCheckpoints } from './checkpoint.ts';
import { hashOf, NO_LINE, readLine, type WrittenEvent } from './line.ts';
import { openFollowing, openSegment, type OpenedSegment } from './open-segment.ts';
import { chunksOfFile, chunksOfGzip, linesIn, type Tail } from './read-lines.ts';
import { listSegments, type Segment } from './segments.ts';

/** What does not hold, and where. */
export interface Finding {
  readonly code: FindingCode;
  readonly message: string;
  /** File, and line in it from 1; 0 for the file as a whole. */
  readonly file: string;
  readonly line: number;
}

export const FINDINGS = {
  line_unreadable: 'a line is none of this log: it was changed, or written by another program',
  chain_broken: '`prev` is not the sha256 of the line before',
  seq_wrong: 'the number does not follow on that of the line before',
  lines_missing: 'lines are missing, and no `segment_removed` says that they were taken away',
  time_backwards: 'it was written before the line in front of it, by more than a minute',
  end_missing: 'the log ends before what a checkpoint has signed: its end was cut off',
  checkpoint_differs: 'a checkpoint has signed another line of this number: the log was rewritten',
  checkpoint_refused: 'a checkpoint is not to be trusted',
  checkpoint_absent: 'a trust root was given, and there is no checkpoint to verify with it',
  log_shortened: 'the log was opened shorter than it had been signed',
  file_unreadable: 'the file begins with no line of this log',
} as const;
export type FindingCode = keyof typeof FINDINGS;

/** What is no fault, and an auditor should know. */
export interface Remarkable {
  /** Times a torn line was cut at start. */
  readonly torn: number;
  /** Times the log could not be written for a while. */
  readonly outages: number;
  /** Times it was opened without having been closed: the process was killed. */
  readonly crashes: number;
  /** Lines that retention has removed, and the log says so. */
  readonly removed: number;
  /** Bytes behind the last line end: a line that is being written, or was when the process ended. */
  readonly unfinished: number;
}

export interface VerifyReport {
  readonly path: string;
  readonly files: number;
  readonly lines: number;
  readonly decisions: number;
  /** Numbers of the first and last line; `null` for an empty log. */
  readonly from: number | null;
  readonly to: number | null;
  readonly head: string;
  readonly checkpoints: {
    readonly verified: number;
    /** The last that holds. */
    readonly last: Pick<VerifiedCheckpoint, 'log' | 'seq' | 'timestamp'> | null;
    readonly signers: readonly string[];
  };
  /** Lines behind the last checkpoint that holds: nobody but the chain vouches for them. */
  readonly unwitnessed: number;
  readonly remarkable: Remarkable;
  /** All of them; `findings` has the first hundred. */
  readonly findingCount: number;
  readonly findings: readonly Finding[];
}

export interface VerifyOptions {
  readonly path: string;
  /** Who may sign checkpoints; without one none is verified. */
  readonly trust?: TrustRoot | null;
  /** Checkpoints that were kept elsewhere, beside those that lie with the log. */
  readonly kept?: readonly Uint8Array[];
  /** Accept only checkpoints of this log. */
  readonly log?: string;
  /** It is a part of a log: lines before its first are not missed. */
  readonly isPart?: boolean;
}

/** Findings beyond are counted and not listed. */
const MAX_FINDINGS = 100;

/** How far a clock may go back, milliseconds. */
const CLOCK_TOLERANCE = 60_000;

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : NaN);

/** What was read of a log. */
class Walk {
  readonly findings: Finding[] = [];
  readonly hashes: ReadonlyMap<number, string>;
  readonly #asked: Map<number, string>;
  lines = 0;
  decisions = 0;
  from: number | null = null;
  seq: number | null = null;
  head = NO_LINE;
  at = 0;
  torn = 0;
  outages = 0;
  crashes = 0;
  unfinished = 0;
  count = 0;
  isOpen = false;
  /** Places where lines are missing: the numbers, and the hash that the line behind follows on. */
  readonly holes: { from: number; to: number; prev: string; file: string; line: number }[] = [];
  /** Number of the last line of a removed file, and its hash. */
  readonly removals = new Map<number, string>();

  constructor(asked: Iterable<number>) {
    this.#asked = new Map([...asked].map((seq) => [seq, '']));
    this.hashes = this.#asked;
  }

  add(code: FindingCode, file: string, line: number, detail = ''): void {
    this.count += 1;
    if (this.count > MAX_FINDINGS) return;
    this.findings.push({ code, file, line, message: FINDINGS[code] + (detail && `: ${detail}`) });
  }

  /** Takes the first line for the beginning. */
  begin({ first, prev }: Segment): void {
    this.seq = first - 1;
    this.head = prev;
  }

  read(text: string, file: string, line: number): void {
    const event = readLine(text);
    if (event === null) {
      this.add('line_unreadable', file, line);
      // What follows is held against these very bytes: one changed line is one finding, or two.
      this.head = hashOf(`${text}\n`);
      if (this.seq !== null) this.seq += 1;
      return;
    }
    this.#follow(event, file, line);
    const hash = hashOf(`${text}\n`);
    if (this.#asked.has(event.seq)) this.#asked.set(event.seq, hash);
    this.head = hash;
    this.seq = event.seq;
    this.from ??= event.seq;
    this.lines += 1;
    if (event.result !== null) this.decisions += 1;
    this.#note(event, file, line);
  }

  #follow({ seq, prev, timestamp }: WrittenEvent, file: string, line: number): void {
    const expected = (this.seq ?? 0) + 1;
    if (seq > expected) this.holes.push({ from: expected, to: seq - 1, prev, file, line });
    else if (seq < expected) this.add('seq_wrong', file, line, `${seq}, not ${expected}`);
    else if (prev !== this.head) this.add('chain_broken', file, line);
    const at = Date.parse(timestamp);
    if (at < this.at - CLOCK_TOLERANCE) this.add('time_backwards', file, line, timestamp);
    this.at = Math.max(this.at, at);
  }

  #note({ action, detail = {} }: WrittenEvent, file: string, line: number): void {
    if (action === 'audit_opened') {
      if (this.isOpen) this.crashes += 1;
      this.isOpen = true;
      if (detail['torn_bytes'] !== undefined) this.torn += 1;
      if (detail['missing_since'] !== undefined)
        this.add('log_shortened', file, line, `from line ${String(detail['missing_since'])}`);
    }
    if (action === 'audit_closed') this.isOpen = false;
    if (action === 'audit_recovered') this.outages += 1;
    if (action === 'segment_removed')
      this.removals.set(numberOf(detail['last']), String(detail['last_sha256']));
  }

  /**
   * Files go oldest first: what is missing at the beginning is accounted for where a removal ends there, with the very hash that the
   * line behind follows on. Nothing else is.
   */
  closeHoles(): number {
    let removed = 0;
    for (const { from, to, prev, file, line } of this.holes) {
      if (from === 1 && this.removals.get(to) === prev) removed += to;
      else this.add('lines_missing', file, line, `${from} to ${to}`);
    }
    return removed;
  }
}

interface Asked {
  readonly checkpoints: readonly VerifiedCheckpoint[];
  readonly refused: readonly string[];
}

async function openCheckpoints(options: VerifyOptions): Promise<Asked> {
  const { trust, path, log, kept = [] } = options;
  if (!trust) return { checkpoints: [], refused: [] };
  const checkpoints: VerifiedCheckpoint[] = [];
  const refused: string[] = [];
  for (const sidecar of [...(await readCheckpoints(path)), ...kept]) {
    try {
      checkpoints.push(await verifyCheckpoint(sidecar, trust, log));
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      refused.push(`${error.code}: ${error.message}`);
    }
  }
  return { checkpoints, refused };
}

/**
 * Verifies a log.
 *
 * @throws Error of the system for files that cannot be read
 * @example
 * const { findings } = await verifyLog({ path: '/var/log/plan-lint/audit.log', trust: parseTrustRoot(bytes) });
 */
export async function verifyLog(options: VerifyOptions): Promise<VerifyReport> {
  const { path, trust, isPart = false } = options;
  // Checkpoints first: what they have signed is there by now, and lines may be added while the log is read.
  const { checkpoints, refused } = await openCheckpoints(options);
  const { segments, unreadable } = await listSegments(path);
  if (segments.length === 0) await stat(path);
  const walk = new Walk(checkpoints.map(({ seq }) => seq));
  for (const file of unreadable) walk.add('file_unreadable', file, 0);
  let files = 0;
  let opened = await openSegment(path, (there) => there[0] ?? null);
  while (opened) {
    const { segment } = opened;
    files += 1;
    if (isPart && walk.seq === null) walk.begin(segment);
    await readFile(opened, path, walk);
    opened = await openFollowing(path, segment.first, walk.seq ?? 0);
  }
  const removed = walk.closeHoles();
  for (const message of refused) walk.add('checkpoint_refused', path, 0, message);
  const holding = checkpoints.filter((checkpoint) => judge(checkpoint, walk, path));
  if (trust && checkpoints.length === 0) walk.add('checkpoint_absent', path, 0);
  const last = holding.reduce<VerifiedCheckpoint | null>(
    (latest, each) => (latest && latest.seq >= each.seq ? latest : each),
    null,
  );
  const to = walk.seq;
  return {
    path,
    files,
    lines: walk.lines,
    decisions: walk.decisions,
    from: walk.from,
    to,
    head: walk.head,
    checkpoints: {
      verified: holding.length,
      last: last && { log: last.log, seq: last.seq, timestamp: last.timestamp },
      signers: [...new Set(holding.map(({ signer }) => signer.label || signer.id.slice(0, 16)))],
    },
    unwitnessed: Math.max(0, (to ?? 0) - Math.max(last?.seq ?? 0, (walk.from ?? 1) - 1)),
    remarkable: {
      torn: walk.torn,
      outages: walk.outages,
      crashes: walk.crashes,
      removed,
      unfinished: walk.unfinished,
    },
    findingCount: walk.count,
    findings: walk.findings,
  };
}

/** Reads one file, and closes it. */
async function readFile({ segment, handle }: OpenedSegment, path: string, walk: Walk): Promise<void> {
  let line = 0;
  const onTail = ({ bytes }: Tail): void => {
    if (segment.path === path) walk.unfinished = bytes.length;
    else walk.add('line_unreadable', segment.path, line + 1, 'it has no end');
  };
  try {
    const chunks = handle ? chunksOfFile(handle, 0) : chunksOfGzip(segment.path, 0);
    for await (const batch of linesIn(chunks, 0, onTail)) {
      for (const { text } of batch) {
        line += 1;
        walk.read(text, segment.path, line);
      }
    }
  } finally {
    await handle?.close();
  }
}

/** Whether a checkpoint speaks of a line that is there as it was signed; of one that was removed it says nothing any more. */
function judge({ seq, sha256, timestamp }: VerifiedCheckpoint, walk: Walk, path: string): boolean {
  const hash = walk.hashes.get(seq) ?? '';
  if (hash === sha256) return true;
  if (seq > (walk.seq ?? 0)) walk.add('end_missing', path, 0, `signed up to line ${seq} at ${timestamp}`);
  else if (hash !== '') walk.add('checkpoint_differs', path, 0, `line ${seq}, signed at ${timestamp}`);
  return false;
}
