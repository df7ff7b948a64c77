/** How a log is kept. */
import { hostname } from 'node:os';
import { compileMask, type Mask } from './mask.ts';
import type { CheckpointSigner } from './checkpoint.ts';

/**
 * When `append` resolves. `written`: the kernel has the line; it survives the end of the process. `synced`: the disk has it; it
 * survives the end of the machine. `async`: it has been taken, and may be lost.
 */
export type Durability = 'written' | 'synced' | 'async';

export interface AuditOptions {
  /** File of the log; `-` is standard output, which has no segments, no checkpoints and no readers. */
  readonly path: string;
  /** Name of the log in its checkpoints; default: the host's name. */
  readonly log?: string;
  /** Default `written`. */
  readonly durability?: Durability;
  readonly segment?: {
    /** A file that would grow beyond is closed; default 128 MiB. */
    readonly bytes?: number;
    /** A file is closed at the end of its day (UTC); default true. */
    readonly daily?: boolean;
    /** Closed files are compressed; default true. */
    readonly gzip?: boolean;
  };
  /** Closed files whose last line is older go, once every reader has passed them, milliseconds; default: none ever. */
  readonly keep?: number | null;
  /** Of all files together; default: no limit. */
  readonly maxBytes?: number | null;
  /** At that limit: `stop` deciding (default), or let the oldest file go, read or not, and say so (`gap`). */
  readonly onFull?: 'stop' | 'gap';
  /** What is written beside the decision; default: nothing. */
  readonly include?: readonly 'args'[];
  /** Paths of `args` that are masked, as `args.card.number` or `**.password`. */
  readonly mask?: readonly string[];
  /** Of a line; what is longer is shortened, and says so. Default 256 KiB. */
  readonly maxLineBytes?: number;
  /** Without one there are no checkpoints. */
  readonly checkpoint?: { readonly sign: CheckpointSigner; readonly everyMs?: number };
  /** Milliseconds since the epoch; default: the clock. */
  readonly now?: () => number;
}

/** Options with every default in its place. */
export interface Settings {
  readonly path: string;
  readonly log: string;
  readonly durability: Durability;
  readonly segment: { readonly bytes: number; readonly daily: boolean; readonly gzip: boolean };
  readonly keep: number | null;
  readonly maxBytes: number | null;
  readonly onFull: 'stop' | 'gap';
  readonly line: { readonly includesArgs: boolean; readonly mask: Mask; readonly maxLineBytes: number };
  readonly checkpoint: { readonly sign: CheckpointSigner; readonly everyMs: number } | null;
  readonly now: () => number;
}

/** @throws SyntaxError for a path of a mask that is none */
export function settingsOf(options: AuditOptions): Settings {
  const { segment = {}, checkpoint, maxBytes = null } = options;
  const bytes = segment.bytes ?? 128 * 2 ** 20;
  return {
    path: options.path,
    log: options.log ?? hostname(),
    durability: options.durability ?? 'written',
    segment: {
      // Room is made by whole files.
      bytes: maxBytes === null ? bytes : Math.min(bytes, Math.ceil(maxBytes / 8)),
      daily: segment.daily ?? true,
      gzip: segment.gzip ?? true,
    },
    keep: options.keep ?? null,
    maxBytes,
    onFull: options.onFull ?? 'stop',
    line: {
      includesArgs: options.include?.includes('args') ?? false,
      mask: compileMask(options.mask ?? []),
      maxLineBytes: Math.min(options.maxLineBytes ?? 256 * 1024, 1 << 20),
    },
    checkpoint: checkpoint ? { everyMs: 60_000, ...checkpoint } : null,
    now: options.now ?? Date.now,
  };
}
