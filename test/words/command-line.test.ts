/** Wrong command lines, and the hint that each gets from the program. */
import { expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { place } from '../cli/place.ts';

it.each([
  ['test --policy-dir p', 'use `test-policies`'],
  ['check p', 'use `lint` for policies, `validate` for plans'],
  ['compile p', 'use `bundle`'],
  ['eval p', 'use `validate`'],
  ['lint policies/', '--policy-dir policies/'],
  ['validate-batch --fail-on hihg', 'did you mean `high`?'],
  ['lint --format jsn', 'did you mean `json`?'],
  ['schema polcy', 'did you mean `policy`?'],
  ['lnt', 'did you mean `lint`?'],
])('%s: %s', async (line, hint) => {
  const at = place();
  try {
    expect(await run(line.split(' '), at.io)).toBe(2);
    expect(at.err()).toContain(
      `  hint: ${hint.startsWith('--') ? 'policies are named by a flag: ' : ''}${hint}`,
    );
    expect(at.err()).not.toMatch(/Did you mean|cert, trust/);
  } finally {
    at.remove();
  }
});
