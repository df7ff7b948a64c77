/** Results of policy tests: for a terminal, for programs, and as JUnit. */
import { printable } from '../../compiler/inspect.ts';
import type { Coverage } from '../testing/coverage.ts';
import { ruleCoverage } from '../testing/coverage.ts';
import type { Mutant } from '../testing/mutate.ts';
import { mutationScore } from '../testing/mutate.ts';
import type { Outcome } from '../testing/run.ts';
import { resultsText } from './results.ts';
import { paint, printableLines } from '../terminal/paint.ts';
import { escapeMarkup } from '../../decisions/markup.ts';

export interface TestResults {
  readonly outcomes: readonly Outcome[];
  readonly coverage: Coverage | null;
  readonly mutants: readonly Mutant[] | null;
}

const passes = ({ differences }: Outcome): boolean => differences.length === 0;

export function resultsForTerminal({ outcomes, coverage, mutants }: TestResults, colour: boolean): string {
  const failed = outcomes.filter((outcome) => !passes(outcome));
  return [
    ...failed.map((outcome) => failure(outcome, colour)),
    ...(coverage ? [coverageText(coverage)] : []),
    ...(mutants ? [mutantsText(mutants)] : []),
    paint(`${outcomes.length} tests, ${failed.length} failed`, failed.length > 0 ? 'red' : 'green', colour),
    '\n',
  ].join('');
}

function failure({ test, differences, decision }: Outcome, colour: boolean): string {
  const head = `${paint('FAIL', 'red', colour)}  ${printable(test.name)}\n      ${test.place}\n`;
  const lines = differences.map((each) => `  ${printable(each)}\n`).join('');
  const why = decision ? resultsText([{ path: 'the decision', decision: decision.toJSON() }], colour) : '';
  return `${head}${lines}${why.replace(/^(?=.)/gm, '    ')}\n`;
}

function coverageText(coverage: Coverage): string {
  const { rules, atoms } = coverage;
  const never = rules.filter(({ hits }) => hits === 0);
  const half = atoms.filter(({ hits, missed }) => hits === 0 || missed === 0);
  return [
    `rule coverage    ${ruleCoverage(coverage).toFixed(1)} % (${rules.length - never.length} of ${rules.length})\n`,
    ...never.map(({ label, file, line }) => `  never fired    ${file}:${line}  ${label}\n`),
    `operations       ${atoms.length - half.length} of ${atoms.length} seen to hold and to fail\n`,
    ...half.map(
      ({ label, file, line, hits }) =>
        `  never ${hits === 0 ? 'held ' : 'failed'}   ${file}:${line}  ${label}\n`,
    ),
  ]
    .map(printableLines)
    .join('');
}

function mutantsText(mutants: readonly Mutant[]): string {
  const survived = mutants.filter(({ killed }) => !killed);
  return [
    ...survived.map(({ rule, diff }) => `SURVIVED  ${rule}\n${diff.replace(/^(?=.)/gm, '  ')}`),
    `mutation score   ${mutationScore(mutants).toFixed(1)} % (${mutants.length - survived.length} of ${mutants.length} killed)\n`,
  ]
    .map(printableLines)
    .join('');
}

export function resultsForPrograms({ outcomes, coverage, mutants }: TestResults): string {
  const value = {
    is_valid: outcomes.every(passes),
    tests: outcomes.map(({ test, differences, decision }) => ({
      name: test.name,
      place: test.place,
      passed: differences.length === 0,
      differences,
      decision,
    })),
    coverage: coverage && { rules_percent: ruleCoverage(coverage), ...coverage },
    mutation: mutants && { score_percent: mutationScore(mutants), mutants },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function junitOfTests({ outcomes }: TestResults): string {
  const failed = outcomes.filter((outcome) => !passes(outcome)).length;
  const cases = outcomes.map((outcome) => {
    const { test, differences } = outcome;
    const open = `<testcase classname="${escapeMarkup(test.place.replace(/:\d+:\d+$/, ''))}" name="${escapeMarkup(test.name)}"`;
    return differences.length === 0
      ? `${open}/>\n`
      : `${open}><failure message="${escapeMarkup(differences.join('; '))}">${escapeMarkup(failure(outcome, false))}</failure></testcase>\n`;
  });
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n` +
    `<testsuite name="plan-lint test-policies" tests="${outcomes.length}" failures="${failed}" errors="0">\n` +
    `${cases.join('')}</testsuite>\n</testsuites>\n`
  );
}
