/** `plan-lint vendor`: policies of a channel become files that one's own policies extend, and that no longer change. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileStore, rollbackGuard } from '@plan-lint/runtime/node';
import { UsageError } from '../../bundles/failure.ts';
import { isPlainPath } from '../../bundles/plain-path.ts';
import { openRegistry, type RegistryOptions } from '../../bundles/registry/open.ts';
import { pull } from '../../bundles/registry/pull.ts';
import { loadDemands, type Demands } from '../../bundles/source.ts';
import { departuresOf, type Departure } from '../../bundles/vendor/check.ts';
import { lockedFiles, policiesOf, replaceDirectory } from '../../bundles/vendor/fetch.ts';
import {
  LOCK_FILE,
  lockText,
  readLock,
  withPackage,
  type Lock,
  type LockedPackage,
} from '../../bundles/vendor/lock.ts';
import { replaceFile } from '../files.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { departuresText, vendoredText } from '../text/vendor.ts';
import { requireChannel } from './publish.ts';

export interface VendorOptions extends Demands, RegistryOptions {
  readonly policyDir: string;
  /** Only say, without asking anybody, whether what was fetched is as it was. */
  readonly check?: boolean;
  readonly from?: string;
  readonly channel?: string;
  readonly trust?: string;
  readonly state?: string;
  /** Directory for the files, below the policy directory. */
  readonly into?: string;
  /** Give up what was changed in them. */
  readonly force?: boolean;
  readonly format?: 'text' | 'json';
}

async function check(directory: string, { format }: VendorOptions, io: Io): Promise<number> {
  const { packages } = await readLock(directory);
  const departures: Departure[] = [];
  for (const each of packages) departures.push(...(await departuresOf(directory, each)));
  io.stdout(
    format === 'json'
      ? `${JSON.stringify({ packages: packages.length, departures }, null, 2)}\n`
      : departuresText(packages, departures),
  );
  return departures.length > 0 ? EXIT.findings : EXIT.ok;
}

type Fetch = Required<Pick<VendorOptions, 'from' | 'channel' | 'trust' | 'into'>>;

/** @throws UsageError */
function fetchOf({ from, channel, trust, into }: VendorOptions): Fetch {
  if (from === undefined || channel === undefined || trust === undefined || into === undefined)
    throw new UsageError(
      'vendor wants --from, --channel, --trust and --into',
      'plan-lint vendor --policy-dir policies --from https://policies.example --channel global --trust trust.json --into vendor/global',
    );
  requireChannel(channel);
  if (!isPlainPath(into))
    throw new UsageError(`\`${into}\` is no directory below the policies`, '--into vendor/global');
  return { from, channel, trust, into };
}

/** What is there and was not fetched, or was changed since, is somebody's work. @throws UsageError */
async function requireUntouched(directory: string, into: string, lock: Lock): Promise<void> {
  const known = lock.packages.find((each) => each.into === into) ?? { into, files: [] };
  const [first] = await departuresOf(directory, known);
  if (first)
    throw new UsageError(
      `\`${first.path}\` is ${first.kind}: it would be lost`,
      'move it out of there, or give it up with --force',
    );
}

async function fetchInto(directory: string, options: VendorOptions, io: Io): Promise<number> {
  const { from, channel, trust, into } = fetchOf(options);
  const { state, force = false, format } = options;
  const lock = await readLock(directory);
  if (!force) await requireUntouched(directory, into, lock);
  const store = await openRegistry(from, options, io);
  const pulled = await pull(store, {
    channel,
    trust: await readFile(resolve(io.cwd, trust)),
    load: loadDemands(options),
    heads: state === undefined ? null : rollbackGuard(fileStore(resolve(io.cwd, state))),
    now: io.now(),
  });
  const { head, bundle } = pulled;
  const before = lock.packages.find((each) => each.into === into);
  // The lock is in version control: it remembers, too, and for all who share it.
  if (
    before &&
    before.channel === channel &&
    before.bundle === head.bundle &&
    before.sequence > head.sequence
  )
    throw new UsageError(
      `the channel \`${channel}\` is at ${head.sequence}, and ${LOCK_FILE} was at ${before.sequence}`,
      'a mirror is behind, or serves what is old: ask the registry itself',
    );
  const policies = policiesOf(pulled);
  const next: LockedPackage = {
    into,
    registry: from,
    channel,
    sequence: head.sequence,
    bundle: head.bundle,
    version: bundle.statement.predicate.version,
    digest: head.digest,
    files: lockedFiles(policies),
  };
  await mkdir(dirname(join(directory, into)), { recursive: true });
  await replaceDirectory(join(directory, into), policies.files);
  await replaceFile({ path: join(directory, LOCK_FILE), content: lockText(withPackage(lock, next)) });
  io.stdout(
    format === 'json'
      ? `${JSON.stringify({ ...next, left: policies.left }, null, 2)}\n`
      : vendoredText(next, policies.left),
  );
  return EXIT.ok;
}

export function vendor(options: VendorOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const directory = resolve(io.cwd, options.policyDir);
    return options.check ? check(directory, options, io) : fetchInto(directory, options, io);
  });
}
