/** A session in bytes: canonical, bound to bundle, entry, session and context, and sealed where nobody vouches for its store. */
import { parseStrict } from '../canonical.ts';
import { digestOf } from '../digest.ts';
import type { Policy } from '../evaluate.ts';
import { canonicalJson } from '../jcs.ts';
import { fromUtf8, toHex, utf8 } from '../platform.ts';
import { digestNow } from '../sha256.ts';
import type { CoreState, SessionOptions } from './core.ts';
import { SessionError } from './errors.ts';

/** Why a snapshot may be believed: a secret key of the host, 32 bytes or more, or a store that only the host writes. */
export type Sealing = { readonly key: Uint8Array } | { readonly store: 'trusted' };

export interface Snapshot {
  readonly core: CoreState;
  readonly run: unknown;
}

/** Of what a snapshot is. */
export interface Bound {
  readonly kind: 'session' | 'run';
  readonly policy: Policy;
  readonly options: SessionOptions;
}

const FORMAT = 'plan-lint-session/1';

/** What a snapshot is bound to: where any of it differs, it is of something else. */
function bindingOf({ kind, policy, options }: Bound): Readonly<Record<string, unknown>> {
  const { entry, bundle } = policy.parts.parties;
  const { id, context } = options;
  return {
    format: FORMAT,
    kind,
    bundle: bundle.digest,
    entry,
    session: id,
    context: context === undefined ? null : digestOf(context),
  };
}

/** @throws SessionError */
export function sealSnapshot(
  snapshot: Snapshot,
  sealing: Sealing | undefined,
  bound: Bound,
  limit: number,
): Uint8Array {
  const body = canonicalJson({ ...bindingOf(bound), state: snapshot });
  if (body.length > limit) throw new SessionError('session.snapshot_too_large');
  const key = keyOf(sealing);
  return utf8(`${key === null ? '' : macOf(key, utf8(body))}\n${body}`);
}

/** @throws SessionError */
export function openSnapshot(bytes: Uint8Array, sealing: Sealing | undefined, bound: Bound): Snapshot {
  const key = keyOf(sealing);
  try {
    const text = fromUtf8(bytes);
    const at = text.indexOf('\n');
    const body = text.slice(at + 1);
    if (key !== null && !same(macOf(key, utf8(body)), text.slice(0, at)))
      throw new SessionError('session.snapshot_refused');
    const { state, ...binding } = parseStrict(body) as { readonly state: Snapshot };
    if (canonicalJson(binding) !== canonicalJson(bindingOf(bound)))
      throw new SessionError('session.snapshot_refused');
    return state;
  } catch {
    throw new SessionError('session.snapshot_refused');
  }
}

/** @throws SessionError where nothing says why to believe it */
function keyOf(sealing: Sealing | undefined): Uint8Array | null {
  if (sealing === undefined) throw new SessionError('session.snapshot_untrusted');
  if ('store' in sealing && sealing.store === 'trusted') return null;
  const key = 'key' in sealing ? sealing.key : null;
  if (!(key instanceof Uint8Array) || key.length < 32)
    throw new SessionError('session.argument', 'a key has 32 bytes or more');
  return key;
}

const BLOCK = 64;

/** HMAC-SHA-256 (RFC 2104), lower-case hex. */
function macOf(key: Uint8Array, message: Uint8Array): string {
  const short = key.length > BLOCK ? digestNow(key) : key;
  const padded = (pad: number): Uint8Array => {
    const block = new Uint8Array(BLOCK).fill(pad);
    short.forEach((byte, i) => (block[i] = byte ^ pad));
    return block;
  };
  const inner = digestNow(joined(padded(0x36), message));
  return toHex(digestNow(joined(padded(0x5c), inner)));
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** In a time that does not tell where they differ. */
function same(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i += 1) difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}
