/** What `plan-lint doctor` looks at. Each check tells what it saw; none stops the next. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BundleError, parseTrustRoot, verifyBundle } from '@plan-lint/runtime';
import type { VerifiedBundle } from '@plan-lint/runtime';
import { RUNTIME_VERSION } from '@plan-lint/runtime/contract';
import { fileStore, rollbackGuard } from '@plan-lint/runtime/node';
import { isJsonParseSound, requireUsableKeys } from '@plan-lint/runtime/tools';
import { many } from '../../compiler/inspect.ts';
import { DAY, DAYS_BEFORE_EXPIRY } from '../../bundles/instant.ts';
import { readBundle } from '../../bundles/files.ts';
import { loadDemands } from '../../bundles/source.ts';
import type { SourceOptions } from '../../bundles/source.ts';
import { explain } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';
import { VERSION } from '../version.ts';
import { ok, untilEnd, warning, wrong } from './finding.ts';
import type { Finding } from './finding.ts';

export interface Installation extends SourceOptions {
  /** State file of a loader. */
  readonly state?: string;
}

/** What a loader refuses, in its words; anything else is told as it came. */
function refusal(about: string, error: unknown): Finding {
  if (error instanceof BundleError) {
    const { code, message, hint } = explain(error);
    return wrong(about, `${code}: ${message}`, hint);
  }
  const says = error instanceof Error ? error.message : String(error);
  return wrong(about, says, 'check the path and its permissions');
}

/** [major, minor] of the oldest Node that is supported. */
const OLDEST = [20, 19] as const;

export function checkEngine(version: string): readonly Finding[] {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  return [
    isOld
      ? wrong('node', `Node ${version} is older than ${OLDEST.join('.')}`, 'install a supported Node')
      : ok('node', `Node ${version}`),
    isJsonParseSound()
      ? ok('json', 'JSON.parse reads member names as they are written')
      : warning(
          'json',
          'JSON.parse of this engine misreads member names after a crafted text (nodejs/node#63785)',
          'read plans with `parsePlan` of @plan-lint/runtime, as plan-lint itself does; never with JSON.parse',
        ),
  ];
}

export function checkVersions(cli = VERSION, runtime = RUNTIME_VERSION): Finding {
  return cli === runtime
    ? ok('versions', `plan-lint and its runtime are ${cli}`)
    : wrong('versions', `plan-lint is ${cli}, its runtime ${runtime}`, 'install both of one release');
}

/** The trust root, its keys, and what stands in it that one will be woken for. */
export async function checkTrust(bytes: Uint8Array, now: number): Promise<readonly Finding[]> {
  try {
    const root = parseTrustRoot(bytes);
    await requireUsableKeys(root);
    const open = root.policies.some(({ name }) => name === '*');
    const [keys, rules] = [many(root.keys.length, 'key'), many(root.policies.length, 'rule')];
    return [
      ok('trust', `version ${root.version}, ${keys}, ${rules}`),
      untilEnd('trust', root.expires, now, 'plan-lint trust renew writes the next version, to be signed'),
      ...(open
        ? [warning('trust', 'a rule takes bundles of any name', 'name them: plan-lint trust set')]
        : []),
    ];
  } catch (error) {
    return [refusal('trust', error)];
  }
}

/** A clock that lags behind what was signed: what has expired would still be taken. */
const LAG = 300_000;

function checkClock({ statement }: VerifiedBundle, now: number): Finding {
  const { issued } = statement.predicate;
  if (issued !== null && Date.parse(issued) > now + LAG)
    return wrong(
      'clock',
      `the bundle was issued at ${issued}, and the clock says ${new Date(now).toISOString()}`,
      'set the clock; what has expired would still be taken',
    );
  return ok('clock', `${new Date(now).toISOString()}, not before what was signed`);
}

/** The bundle, as its loader would take it, and held against the memory of that loader where there is one. */
export async function checkBundle(
  { bundle = '', state, ...options }: Installation,
  trust: Uint8Array,
  io: Io,
): Promise<readonly Finding[]> {
  const now = io.now();
  try {
    const { module, sidecars } = await readBundle(bundle, undefined, io);
    const store = state === undefined ? null : fileStore(resolve(io.cwd, state), { mustExist: true });
    const verified = await verifyBundle(module, sidecars, trust, {
      now,
      ...loadDemands(options),
      ...(store && { state: rollbackGuard(store) }),
    });
    const { name, version, sequence, expires } = verified.statement.predicate;
    return [
      ok(
        'bundle',
        `${name} ${version}, sequence ${sequence}, verified by ${many(verified.signers.length, 'signer')}`,
      ),
      untilEnd('bundle', expires, now, 'build and sign it anew: plan-lint bundle'),
      checkClock(verified, now),
      ...(store ? [ok('state', 'the loader that keeps it takes this bundle')] : []),
    ];
  } catch (error) {
    return [refusal('bundle', error)];
  }
}

/** The policies, with their catalog, as lint sees them. */
export async function checkPolicies(policyDir: string, io: Io): Promise<readonly Finding[]> {
  try {
    const { lint } = await import('../../compiler/index.ts');
    const { policyPlace } = await import('../../bundles/policy-path.ts');
    const place = await policyPlace(policyDir, io);
    const { result, diagnostics } = await lint(await place.host(), {
      entries: place.entries,
      now: io.now(),
      warnExpiry: DAYS_BEFORE_EXPIRY * DAY,
    });
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    const hint = `plan-lint lint --policy-dir ${place.shown || '.'} shows them`;
    if (errors > 0) return [wrong('policies', many(errors, 'error'), hint)];
    const catalog = result?.policies.catalog;
    return [
      diagnostics.length > 0
        ? warning('policies', many(diagnostics.length, 'warning'), hint)
        : ok('policies', 'they compile, and lint finds nothing'),
      catalog
        ? ok('catalog', many(catalog.tools.size, 'tool'))
        : warning(
            'catalog',
            'there is none: names of tools and arguments are not held to what exists',
            'name one in plan-lint.yaml: `catalog: tools.json`',
          ),
    ];
  } catch (error) {
    return [refusal('policies', error)];
  }
}

export const readTrust = (path: string, io: Io): Promise<Uint8Array> => readFile(resolve(io.cwd, path));
