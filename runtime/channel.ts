/**
 * Channels: which bundle is the current one, said in metadata that is signed, numbered and short-lived. Whoever serves it
 * (a mirror, a bucket) can neither go back to an older bundle nor stop time at one: TUF calls that rollback and freeze
 * (specification §1.5.2).
 */
import { PAYLOAD_TYPE } from './contract.ts';
import { BundleError, refuseAs } from './errors.ts';
import type { LoadFacts, LoaderGuard } from './options.ts';
import { meetRule, outside } from './permit.ts';
import { clock, fromUtf8, sameBytes, sha256, utf8 } from './platform.ts';
import { instant, instantMillis, name, natural, object, sha256Hex, text } from './shape.ts';
import { parseAttestation, parseSidecar } from './sidecar.ts';
import { parseTrustRoot, ruleFor, type TrustedKey, type TrustRoot } from './trust.ts';
import { copy, verifySignatures } from './verify.ts';

/** in-toto predicate type of the head of a channel. */
export const CHANNEL_TYPE = 'https://plan-lint.dev/attestation/channel/v1';

const MAX_BYTES = 0x40000;
const MAX_SIDECARS = 16;
/** How far the clocks of who publishes and who follows may be apart, in milliseconds. */
const CLOCK_TOLERANCE = 300_000;

/** Names become paths, addresses and tags: words with dots within, divided by `/`; never `..`. */
const SEGMENT = String.raw`[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*`;
const CHANNEL = new RegExp(`^(?=.{1,100}$)${SEGMENT}(?:/${SEGMENT})*$`);
const FILE = new RegExp(`^(?=.{1,200}$)${SEGMENT}$`);

export const isChannelName = (channel: string): boolean => CHANNEL.test(channel);

const readPredicate = /* @__PURE__ */ object({
  channel: /* @__PURE__ */ text(CHANNEL),
  bundle: name,
  digest: sha256Hex,
  sequence: natural,
  issued: instant,
  expires: instant,
});

/** What is signed about a channel, beside the digest of the file: `digest` is that of the module, by which a bundle is known. */
export type ChannelPredicate = ReturnType<typeof readPredicate>;

/** The head of a channel, as the keys of the trust root have signed it. */
export interface VerifiedChannel extends ChannelPredicate {
  /** The file that is published: its name, for people, and the sha256 of its bytes. */
  readonly file: { readonly name: string; readonly sha256: string };
  /** sha256 of the statement: two heads with one sequence differ in it. */
  readonly statement: string;
  readonly signers: readonly TrustedKey[];
}

/** Where the head of a channel lies in a registry, and where a file does. */
export const headPath = (channel: string): string => `channels/${channel}.sigstore.json`;
export const filePath = (digest: string): string => `blobs/sha256/${digest}`;

/** A head is one sidecar for each signer, one after the other: it is replaced in one step, or not at all. */
const sidecarsOf = (head: Uint8Array): Uint8Array[] =>
  // What is indented belongs to a sidecar; a brace at the start of a line ends one.
  fromUtf8(head)
    .split(/(?<=^\}\n)(?=\{)/m)
    .map(utf8);

/**
 * Verifies the head of a channel.
 *
 * @param now - milliseconds since the epoch; `'issued'` for whoever publishes the next one: as at the instant of this one
 * @throws BundleError with the code of the first check that fails
 * @example
 * const { file } = await verifyChannel(head, trust, 'stable');
 */
export async function verifyChannel(
  head: Uint8Array,
  trust: TrustRoot | Uint8Array | string,
  channel: string,
  now: number | 'issued' = clock(),
): Promise<VerifiedChannel> {
  const root = parseTrustRoot(trust);
  const given = refuseAs('sidecar_malformed', () => sidecarsOf(copy(head, MAX_BYTES, 'sidecar_too_large')));
  if (given.length > MAX_SIDECARS) throw new BundleError('sidecar_too_large');
  const sidecars = given.map(parseSidecar);
  const payload = sidecars[0]?.payload ?? new Uint8Array();
  const signers = await verifySignatures(root, sidecars, PAYLOAD_TYPE);
  if (!sidecars.every((each) => sameBytes(each.payload, payload))) throw new BundleError('statements_differ');
  const { subject, predicate: unread } = parseAttestation(payload, CHANNEL_TYPE);
  const predicate = refuseAs('statement_malformed', () => readPredicate(unread, ''));
  const [file, ...more] = subject;
  if (!file || more[0] || !FILE.test(file.name))
    throw new BundleError('statement_malformed', 'a channel is about one file');
  if (predicate.channel !== channel) throw new BundleError('name_mismatch', `channel ${predicate.channel}`);

  const [issued, expires] = [instantMillis(predicate.issued), instantMillis(predicate.expires)];
  const at = now === 'issued' ? issued : now;
  if (!Number.isFinite(at)) throw new BundleError('input_invalid');
  const rule = ruleFor({ policies: root.channels }, channel);
  if (!rule) throw new BundleError('channel_not_trusted', channel);
  const current = meetRule(rule, signers, at);
  const late = outside('trust', root, at);
  if (late) throw new BundleError(late);
  // Asked this way round, what is not a number refuses.
  if (!(issued < expires)) throw new BundleError('statement_malformed', 'it expires before it was issued');
  if (!(issued - CLOCK_TOLERANCE <= at)) throw new BundleError('channel_not_yet_valid', predicate.issued);
  if (!(at < expires)) throw new BundleError('channel_expired', `${channel}, ${predicate.expires}`);
  if (root.withdrawn.some((each) => each.sha256 === predicate.digest))
    throw new BundleError('bundle_withdrawn', predicate.digest);
  return {
    ...predicate,
    file: { name: file.name, sha256: file.digest.sha256 },
    statement: await sha256(payload),
    signers: current.map(({ entry }) => entry),
  };
}

const OF_CHANNELS = { sequence_rollback: 'channel_rollback', sequence_reused: 'channel_forked' } as const;

/**
 * Holds a head against those that were seen before, and remembers it: before anything else of it is believed, so that a newer
 * one counts even where its bundle cannot be fetched.
 *
 * @param guard - a `rollbackGuard` with a store of its own: it keeps channels by their names, not bundles
 * @throws BundleError `channel_rollback`, `channel_forked`, and those of the clock
 */
export async function noteHead(
  { channel, sequence, statement }: VerifiedChannel,
  guard: LoaderGuard,
  { now, trustVersion }: Pick<LoadFacts, 'now' | 'trustVersion'>,
): Promise<void> {
  try {
    await guard.commit({ name: channel, sequence, digest: statement, now, trustVersion });
  } catch (error) {
    const code = error instanceof BundleError ? error.code : 'state_unreadable';
    const own = (OF_CHANNELS as Partial<Record<string, (typeof OF_CHANNELS)[keyof typeof OF_CHANNELS]>>)[
      code
    ];
    if (own) throw new BundleError(own, `${channel}, sequence ${sequence}`);
    throw error instanceof BundleError ? error : new BundleError('state_unreadable');
  }
}
