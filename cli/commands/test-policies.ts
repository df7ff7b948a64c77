/** `plan-lint test-policies`: policies do what their tests say, and the tests would notice if they did not. */
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { analyze } from '../../compiler/index.ts';
import { many, printable } from '../../compiler/inspect.ts';
import type { ResolvedPolicies } from '../../compiler/inspect.ts';
import { CompileFailure, UsageError } from '../../bundles/failure.ts';
import { reportFailures } from '../terminal/failure.ts';
import { replaceFile } from '../files.ts';
import { showDiagnostics } from '../../bundles/compile-directory.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { policyPlace } from '../../bundles/policy-path.ts';
import { coveragePage, lcov } from '../pages/coverage.ts';
import { junitOfTests, resultsForPrograms, resultsForTerminal } from '../text/test-results.ts';
import type { TestResults } from '../text/test-results.ts';
import { coverageOf, ruleCoverage } from '../testing/coverage.ts';
import { loadPolicies } from '../testing/load.ts';
import { mutantsOf, mutationScore } from '../testing/mutate.ts';
import type { Mutant } from '../testing/mutate.ts';
import type { TestCase } from '../testing/case.ts';
import { checkTests } from '../testing/check.ts';
import type { TestRemarks } from '../testing/check.ts';
import { readTests } from '../testing/read.ts';
import { runTests } from '../testing/run.ts';
import { defaultJobs } from '../../workers/threads.ts';

export interface TestPoliciesOptions {
  readonly policyDir?: string;
  readonly testDir: string;
  /** Only tests whose name or file has this text. */
  readonly filter?: string;
  readonly format?: 'text' | 'json' | 'junit';
  /** File for a JUnit report, beside what is printed. */
  readonly junit?: string;
  readonly coverage?: boolean;
  /** Files for coverage: `.info` or `.lcov` for tools, `.html` for people. */
  readonly coverageOutput?: readonly string[];
  /** Percent of the rules that must fire. */
  readonly minCoverage?: number;
  readonly mutate?: boolean;
  /** Percent of the mutants that must be killed. */
  readonly minMutationScore?: number;
  /** Threads that try mutants; default: one a core. */
  readonly jobs?: number;
}

export function testPolicies(options: TestPoliciesOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const place = await policyPlace(options.policyDir, io);
    const tests = chosen(await readTests(resolve(io.cwd, options.testDir), io), options.filter);
    const { result, diagnostics } = await analyze(await place.host(), { entries: place.entries });
    showDiagnostics(diagnostics, place.shown, io);
    if (!result) throw new CompileFailure(`the policies in ${place.shown} do not compile`);
    const { policies } = result;
    tellRemarks(checkTests(tests, policies), io);
    const bundle = await loadPolicies(policies, io.now());
    if (!bundle) throw new CompileFailure(`the policies in ${place.shown} do not compile`);

    const outcomes = runTests(bundle, tests, io.now());
    const passed = outcomes.every(({ differences }) => differences.length === 0);
    const measure = options.coverage || options.coverageOutput || options.minCoverage !== undefined;
    const coverage = measure ? await coverageOf(policies, tests, outcomes, io.now()) : null;
    const mutate = options.mutate || options.minMutationScore !== undefined;
    // A mutant counts as noticed when a test fails; with tests that fail anyway all would.
    const jobs = options.jobs ?? defaultJobs();
    const mutants =
      mutate && passed ? await collect(mutantsOf(policies, outcomes, io.now(), jobs), io) : null;
    const results = { outcomes, coverage, mutants };

    io.stdout(printed(results, options, io));
    await writeFiles(results, policies, options, place.shown, io);
    return passed && thresholds(results, options, io) ? EXIT.ok : EXIT.findings;
  });
}

/** @throws UsageError where none is left: a run without tests proves nothing */
function chosen(tests: readonly TestCase[], filter: string | undefined): readonly TestCase[] {
  if (filter === undefined) return tests;
  const left = tests.filter(({ name, place }) => name.includes(filter) || place.includes(filter));
  if (left.length > 0) return left;
  throw new UsageError(`no test has \`${filter}\` in its name or file`, 'leave --filter out to run all');
}

/** @throws UsageError where a test asks about what is not there */
function tellRemarks({ mistakes, warnings }: TestRemarks, io: Io): void {
  for (const each of warnings) io.stderr(`${printable(`warning: ${each}`)}\n`);
  for (const each of mistakes) io.stderr(`${printable(`error: ${each}`)}\n`);
  if (mistakes.length === 0) return;
  throw new UsageError(
    `${many(mistakes.length, 'expectation')} ${mistakes.length === 1 ? 'asks' : 'ask'} about what is not there`,
    'a test that expects nothing of a rule that does not exist always passes',
  );
}

function printed(results: TestResults, { format }: TestPoliciesOptions, io: Io): string {
  if (format === 'json') return resultsForPrograms(results);
  return format === 'junit' ? junitOfTests(results) : resultsForTerminal(results, io.colour === true);
}

async function collect(mutants: AsyncIterable<Mutant>, io: Io): Promise<readonly Mutant[]> {
  const all: Mutant[] = [];
  for await (const mutant of mutants) {
    all.push(mutant);
    if (io.terminal && !io.env['CI']) io.stderr(`\r\x1b[K${all.length} mutants`);
  }
  if (io.terminal && !io.env['CI']) io.stderr('\r\x1b[K');
  return all;
}

function thresholds({ coverage, mutants }: TestResults, options: TestPoliciesOptions, io: Io): boolean {
  const { minCoverage = 0, minMutationScore = 0 } = options;
  let met = true;
  const check = (name: string, value: number, least: number): void => {
    if (value >= least) return;
    io.stderr(`${name} is ${value.toFixed(1)} %, less than the ${least} % that are asked for\n`);
    met = false;
  };
  if (coverage) check('rule coverage', ruleCoverage(coverage), minCoverage);
  if (mutants) check('the mutation score', mutationScore(mutants), minMutationScore);
  return met;
}

async function writeFiles(
  results: TestResults,
  { sources }: ResolvedPolicies,
  { junit, coverageOutput = [] }: TestPoliciesOptions,
  root: string,
  io: Io,
): Promise<void> {
  const files = coverageOutput.map((path) => {
    const { coverage } = results;
    if (!coverage) return { path, content: '' };
    if (/\.(info|lcov)$/.test(path)) return { path, content: lcov(coverage, sources, root) };
    if (path.endsWith('.html')) return { path, content: coveragePage(coverage, sources) };
    throw new UsageError(
      `\`${path}\` does not say which report it is to be`,
      'end it in .info, .lcov or .html',
    );
  });
  if (junit !== undefined) files.push({ path: junit, content: junitOfTests(results) });
  for (const { path, content } of files) {
    const absolute = resolve(io.cwd, path);
    await mkdir(dirname(absolute), { recursive: true });
    await replaceFile({ path: absolute, content });
  }
}
