/** The report of the tests that a bundle's statement binds: which tests there were, and that they passed. */
import { readFile } from 'node:fs/promises';
import { loadBundle } from '@plan-lint/runtime';
import { digestOf } from '../../compiler/6-sign/index.ts';
import type { Compiled } from '../../compiler/index.ts';
import { planFiles } from '../batch/files.ts';
import { signedSource } from '../../bundles/compiled-source.ts';
import { UsageError } from '../../bundles/failure.ts';
import type { Io } from '../terminal/io.ts';
import { checkTests } from './check.ts';
import { coverageOf, ruleCoverage } from './coverage.ts';
import { readTests } from './read.ts';
import { runTests } from './run.ts';

export interface BoundTests {
  /** Every file of the test directory, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly report: Uint8Array;
}

/**
 * Runs the tests of what is about to be signed: of that very module.
 *
 * @throws UsageError where one fails: what fails its tests is not signed as tested
 */
export async function bindTests(
  { module: emitted, policies }: Compiled,
  testDir: string,
  io: Io,
): Promise<BoundTests> {
  const tests = await readTests(testDir, io);
  const [mistake] = checkTests(tests, policies).mistakes;
  if (mistake !== undefined) throw new UsageError(mistake, 'nothing was written');
  const { module, sidecars, trust, load } = await signedSource(emitted, 'tests', io.now(), undefined);
  const bundle = await loadBundle(module, sidecars, trust, load);
  const outcomes = runTests(bundle, tests, io.now());
  const failed = outcomes.filter(({ differences }) => differences.length > 0);
  if (failed.length > 0) {
    throw new UsageError(
      `${failed.length} of ${outcomes.length} tests fail, the first at ${failed[0]?.test.place ?? ''}`,
      'plan-lint test-policies shows what differs; nothing was written',
    );
  }
  const coverage = ruleCoverage(await coverageOf(policies, tests, outcomes, io.now()));
  const files = new Map<string, Uint8Array>();
  for await (const { name, path, problem } of planFiles(testDir, '**')) {
    if (problem !== undefined) throw new UsageError(`\`${name}\`: ${problem}`, 'put the file itself there');
    files.set(name, await readFile(path));
  }
  const report = {
    tests: outcomes.length,
    failed: 0,
    rule_coverage_percent: Math.round(coverage * 10) / 10,
    files: [...files].map(([name, content]) => digestOf(name, content)),
  };
  return { files, report: Buffer.from(`${JSON.stringify(report, null, 2)}\n`) };
}
