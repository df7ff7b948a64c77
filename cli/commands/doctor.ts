/** `plan-lint doctor`: what is wrong with an installation, before a plan is refused for it. */
import { printable } from '../../compiler/inspect.ts';
import { POLICY_PATH } from '../../bundles/policy-path.ts';
import { UsageError } from '../../bundles/failure.ts';
import {
  checkBundle,
  checkEngine,
  checkPolicies,
  checkTrust,
  checkVersions,
  readTrust,
} from '../doctor/checks.ts';
import type { Installation } from '../doctor/checks.ts';
import type { Finding } from '../doctor/finding.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { paint } from '../terminal/paint.ts';
import type { Tint } from '../terminal/paint.ts';

export interface DoctorOptions extends Installation {
  readonly format?: 'text' | 'json';
}

export function doctor(options: DoctorOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { bundle, trust, state } = options;
    if (trust === undefined && (bundle !== undefined || state !== undefined)) {
      throw new UsageError('--bundle and --state need --trust', 'name the trust root: --trust trust.json');
    }
    const findings: Finding[] = [...checkEngine(process.version), checkVersions()];
    if (trust !== undefined) {
      const bytes = await readTrust(trust, io);
      findings.push(...(await checkTrust(bytes, io.now())));
      if (bundle !== undefined) findings.push(...(await checkBundle(options, bytes, io)));
    }
    const policyDir = options.policyDir ?? io.env[POLICY_PATH];
    if (policyDir !== undefined) findings.push(...(await checkPolicies(policyDir, io)));
    io.stdout(
      options.format === 'json' ? asJson(findings) : asText(findings, notLookedAt(options, policyDir), io),
    );
    return findings.some(({ outcome }) => outcome === 'wrong') ? EXIT.findings : EXIT.ok;
  });
}

const TINTS: Readonly<Record<Finding['outcome'], Tint>> = { ok: 'green', warning: 'yellow', wrong: 'red' };

function asText(findings: readonly Finding[], left: readonly string[], { colour }: Io): string {
  const lines = findings.flatMap(({ outcome, about, says, hint }) => [
    `${paint(outcome.padEnd(8), TINTS[outcome], colour)} ${about.padEnd(9)} ${printable(says)}`,
    ...(hint === undefined ? [] : [`         hint: ${printable(hint)}`]),
  ]);
  const passed = left.length === 0 ? [] : [`not looked at: ${left.join(', ')}`];
  return [...lines, ...passed, ''].join('\n');
}

/** What no flag names: that nothing is wrong with it is not said. */
function notLookedAt(
  { bundle, trust, state }: DoctorOptions,
  policyDir: string | undefined,
): readonly string[] {
  return [
    ...(trust === undefined ? ['the trust root (--trust)'] : []),
    ...(bundle === undefined ? ['a bundle and the clock (--bundle)'] : []),
    ...(state === undefined ? ['the state of a loader (--state)'] : []),
    ...(policyDir === undefined ? ['policies and catalog (--policy-dir)'] : []),
  ];
}

function asJson(findings: readonly Finding[]): string {
  const is_valid = findings.every(({ outcome }) => outcome !== 'wrong');
  return `${JSON.stringify({ is_valid, findings }, null, 2)}\n`;
}
