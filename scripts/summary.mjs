// The last lines of `.ci/run`: how many tests were skipped, and how many passed, summed over all runs of vitest in a log.
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const lines = stripVTControlCharacters(readFileSync(process.argv[2] ?? '', 'utf8')).split('\n');
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const line of lines.filter((each) => /^\s*Tests\s/.test(each))) {
  for (const [, count, what] of line.matchAll(/(\d+) (passed|failed|skipped)/g))
    counts[what] += Number(count);
}
const parts = lines.filter((line) => /^skipped: \S+ absent$/.test(line)).length;
console.log(`skipped: ${counts.skipped} tests, ${parts} parts`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.passed > 0 && counts.failed === 0 ? 0 : 1);
