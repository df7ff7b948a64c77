/** `plan-lint trust`: making, changing, signing and showing trust roots. Every change is a new version. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BundleError, parseTrustRoot, type TrustRoot } from '@plan-lint/runtime';
import { updateTrustRoot } from '@plan-lint/runtime/node';
import { TRUST_PAYLOAD_TYPE } from '@plan-lint/runtime/contract';
import { parseSidecar, requireUsableKeys } from '@plan-lint/runtime/tools';
import {
  NO_ROLES,
  signPayload,
  trustBytes,
  trustFileOf,
  type TrustFile,
  type TrustFileKey,
} from '../../compiler/6-sign/index.ts';
import { readSidecars, sidecarPath } from '../../bundles/files.ts';
import { reportFailures } from '../terminal/failure.ts';
import { UsageError } from '../../bundles/failure.ts';
import { createFiles, type NewFile } from '../files.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { parseExpiry } from '../../bundles/instant.ts';
import { signaturesNeeded, trustText } from '../text/trust.ts';
import { writtenFiles } from '../text/written.ts';
import type { PrintFormat } from '../text/written.ts';
import { trustedNames } from '../trust/names.ts';
import { importKey, importKeys } from '../trust/import-key.ts';
import { signersFrom, type SignerOptions } from '../trust/signers.ts';
import { adjust, findKey, grant, mapRoles, requireReachable, withdraw, withKey } from '../trust/edit.ts';
import type { Adjustment } from '../trust/edit.ts';
import { adjustDecisions, grantDecisions } from '../trust/decisions.ts';
import { grantNamed } from '../trust/named.ts';
import type { DecisionChange } from '../trust/decisions.ts';

/** Flags of every change: which root, where to, and who of the current root signs it at once. */
interface Change extends SignerOptions {
  readonly trust: string;
  readonly output: string;
}

export type TrustOptions = Action & { readonly format?: PrintFormat };

type Action =
  | {
      readonly action: 'init';
      readonly output: string;
      /** Public keys or certificates that may sign bundles. */
      readonly add: readonly string[];
      /** Those that may sign the next trust root; default: the same. */
      readonly rootKey?: readonly string[];
      readonly rootThreshold?: number;
      /** Patterns of bundle names: a rule each. */
      readonly name?: readonly string[];
      /** One rule for every bundle. */
      readonly anyName?: boolean;
      readonly threshold?: number;
      readonly audience?: readonly string[];
      readonly minimumSequence?: number;
      readonly expires?: string;
      /** Keys that may say what is current in the channels of `channel`. */
      readonly channelKey?: readonly string[];
      /** Patterns of names of channels; default: all. */
      readonly channel?: readonly string[];
      /** Keys that may sign decisions made with those bundles. */
      readonly decisionKey?: readonly string[];
      readonly executor?: readonly string[];
      /** Milliseconds. */
      readonly maxLife?: number;
    }
  /** Adds a key, and lets it sign for the rules with these patterns (default: all), or the next trust root. */
  | (Change & {
      readonly action: 'add';
      readonly add: string;
      readonly label?: string;
      readonly name?: readonly string[];
      /** Let it sign the next trust root; bundles then only where `name` says so. */
      readonly root?: boolean;
      /** Let it sign decisions made with the bundles of `name`, and nothing else. */
      readonly decisions?: boolean;
      /** Let it say what is current in the channels of these names, and nothing else. */
      readonly channel?: readonly string[];
      /** Let it sign checkpoints of the audit logs of these names, and nothing else. */
      readonly checkpoint?: readonly string[];
      readonly executor?: readonly string[];
      /** Milliseconds. */
      readonly maxLife?: number;
      readonly notBefore?: string;
      readonly expires?: string;
    })
  /** Marks a key revoked and takes it out of every rule. `id` may be shortened to 8 characters, or be the file of its public half. */
  | (Change & { readonly action: 'revoke'; readonly id: string; readonly now?: number })
  /** Puts a new key beside an old one wherever that stands: the overlap of a rotation; `revoke` ends it. */
  | (Change & {
      readonly action: 'rotate';
      readonly from: string;
      readonly to: string;
      readonly label?: string;
    })
  /** The same root, valid for longer. */
  | (Change & { readonly action: 'renew'; readonly expires: string })
  /** Changes what one rule demands (`rule`: its pattern), or how many must sign the next root. */
  | (Change &
      Omit<Adjustment, 'name'> &
      DecisionChange & { readonly action: 'set'; readonly decisions?: boolean })
  /** Withdraws one bundle, by the digest of its module. */
  | (Change & { readonly action: 'withdraw'; readonly digest: string; readonly reason?: string })
  /** Checks the signed step from one root to the next, as a loader does. */
  | { readonly action: 'update'; readonly trust: string; readonly next: string; readonly now?: number }
  | { readonly action: 'show'; readonly trust: string };

async function readRoot(path: string, io: Io): Promise<TrustFile> {
  return trustFileOf(parseTrustRoot(await readFile(resolve(io.cwd, path))));
}

/** Until when a trust root holds. @throws UsageError */
const endOf = (written: string, io: Io): string | null =>
  written === 'never' ? null : parseExpiry(written, io.now());

/** The same of the root itself, which is not written where it has ended. @throws UsageError */
function endOfRoot(written: string, io: Io): string | null {
  const end = endOf(written, io);
  if (end === null || Date.parse(end) > io.now()) return end;
  throw new UsageError(
    `the trust root would have ended at ${end}: nothing would load by it`,
    'give a later end: 90d, 2027-01-31',
  );
}

/** The key of the root that is meant: by its id, the first characters of that, or the file of its public half. */
async function keyOf(root: TrustFile, named: string, io: Io): Promise<TrustFileKey> {
  return findKey(root, /^[0-9a-f]*$/.test(named) ? named : (await importKey(named, io)).id);
}

/** @throws UsageError where a rule about bundles is given several names */
function oneName({ name, ...change }: Extract<TrustOptions, { action: 'set' }>): Adjustment {
  const [only, ...more] = name ?? [];
  if (more.length > 0)
    throw new UsageError(
      'a rule has one pattern for the names of its bundles',
      'give one --name; `*` in it stands for anything',
    );
  return { ...change, ...(only !== undefined && { name: only }) };
}

async function changed(
  options: Exclude<TrustOptions, { action: 'init' | 'update' | 'show' }>,
  io: Io,
): Promise<TrustFile> {
  const before = await readRoot(options.trust, io);
  const after: TrustFile = { ...before, version: before.version + 1 };
  switch (options.action) {
    case 'add': {
      const { label, notBefore, expires, name, root = false } = options;
      const key = await importKey(options.add, io);
      const given = {
        ...(label === undefined ? {} : { label }),
        ...(notBefore === undefined ? {} : { not_before: parseExpiry(notBefore, io.now()) }),
        ...(expires === undefined ? {} : { expires: endOf(expires, io) }),
      };
      const granted = { ...key, ...given };
      const { channel, checkpoint } = options;
      if (channel) return grantNamed(after, granted, { kind: 'channels', patterns: channel });
      if (checkpoint) return grantNamed(after, granted, { kind: 'checkpoints', patterns: checkpoint });
      return options.decisions ? grantDecisions(after, granted, options) : grant(after, granted, name, root);
    }
    case 'revoke': {
      const { id } = await keyOf(after, options.id, io);
      const revoked = new Date(options.now ?? Date.now()).toISOString();
      const keys = after.keys.map((key) => (key.id === id ? { ...key, revoked } : key));
      return mapRoles({ ...after, keys }, (ids) => ids.filter((each) => each !== id));
    }
    case 'rotate': {
      const old = await keyOf(after, options.from, io);
      const key = await importKey(options.to, io);
      const label = options.label ?? (key.label || old.label);
      return mapRoles(withKey(after, { ...key, label }), (ids) =>
        ids.includes(old.id) ? [...ids, key.id] : ids,
      );
    }
    case 'renew':
      return { ...after, expires: endOfRoot(options.expires, io) };
    case 'set':
      return options.decisions ? adjustDecisions(after, options) : adjust(after, oneName(options));
    case 'withdraw':
      return withdraw(after, { digest: options.digest, reason: options.reason ?? '', now: io.now() });
  }
}

/** The next trust root, by its signatures and as it stands in its file. @throws BundleError */
async function successor(options: Extract<TrustOptions, { action: 'update' }>, io: Io): Promise<TrustRoot> {
  const current = await readFile(resolve(io.cwd, options.trust));
  const path = resolve(io.cwd, options.next);
  const content = await readFile(path);
  const sidecars = await readSidecars(path);
  const [first] = sidecars;
  if (!first) throw new BundleError('signature_missing', `no ${sidecarPath(options.next, 0)}`);
  const next = await updateTrustRoot(current, sidecars, options.now ?? Date.now());
  // A loader takes the root out of its signature; whoever asks here goes on with the file.
  if (Buffer.compare(content, parseSidecar(first).payload) !== 0)
    throw new BundleError('trust_update_refused', `\`${options.next}\` is not what was signed`);
  return next;
}

async function initial(options: Extract<TrustOptions, { action: 'init' }>, io: Io): Promise<TrustFile> {
  const names = trustedNames(options, 'plan-lint trust init --add signer.pub --output trust.json');
  const signers = await importKeys(options.add, io);
  const owners = options.rootKey ? await importKeys(options.rootKey, io) : signers;
  const deciders = await importKeys(options.decisionKey ?? [], io);
  const all = new Map([...signers, ...owners].map((key) => [key.id, key]));
  const first: TrustFile = {
    format: 'plan-lint-trust/2',
    version: 1,
    expires: options.expires === undefined ? null : endOfRoot(options.expires, io),
    keys: [...all.values()],
    root: { keys: owners.map((key) => key.id), threshold: options.rootThreshold ?? 1 },
    policies: names.map((name) => ({
      name,
      keys: signers.map((key) => key.id),
      threshold: options.threshold ?? 1,
      audiences: options.audience ?? [],
      minimum_sequence: options.minimumSequence ?? 0,
    })),
    ...NO_ROLES,
  };
  const channels = { kind: 'channels', patterns: options.channel ?? ['*'] } as const;
  const publishers = await importKeys(options.channelKey ?? [], io);
  const published = publishers.reduce((file, key) => grantNamed(file, key, channels), first);
  return deciders.reduce((file, key) => grantDecisions(file, key, options), published);
}

export function trust(options: TrustOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    if (options.action === 'show') {
      const file = await readRoot(options.trust, io);
      io.stdout(options.format === 'json' ? `${JSON.stringify(file, null, 2)}\n` : trustText(file));
      return EXIT.ok;
    }
    if (options.action === 'update') {
      const next = await successor(options, io);
      io.stdout(
        options.format === 'json'
          ? `${JSON.stringify({ accepted: true, version: next.version }, null, 2)}\n`
          : `accepted     version ${next.version} follows version ${next.version - 1}\n`,
      );
      return EXIT.ok;
    }
    const file = options.action === 'init' ? await initial(options, io) : await changed(options, io);
    requireReachable(file);
    const content = trustBytes(file);
    // What was written here must be what the loader reads, and uses.
    const root = parseTrustRoot(content);
    await requireUsableKeys(root);
    const path = resolve(io.cwd, options.output);
    const files: NewFile[] = [{ path, content }];
    if (options.action !== 'init') {
      for (const signer of await signersFrom(options, io)) {
        const sidecar = await signPayload(content, signer, TRUST_PAYLOAD_TYPE);
        files.push({ path: sidecarPath(path, files.length - 1), content: sidecar });
      }
    }
    await createFiles(files);
    const paths = files.map((each) => each.path);
    io.stdout(writtenFiles('written', paths, options.format));
    if (options.action !== 'init' && options.format !== 'json') {
      const before = parseTrustRoot(await readFile(resolve(io.cwd, options.trust)));
      io.stdout(signaturesNeeded(before, root, files.length - 1));
    }
    return EXIT.ok;
  });
}
