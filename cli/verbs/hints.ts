/** What a wrong command line meant, in the words of every other hint. */
import { nearest } from '../../compiler/inspect.ts';

/** What other programs call the verbs. */
const VERBS: Readonly<Record<string, string>> = {
  batch: '`validate-batch`',
  build: '`bundle`, which compiles and signs; `lint` compiles only',
  check: '`lint` for policies, `validate` for plans',
  compare: '`diff`',
  compile: '`bundle`, which compiles and signs; `lint` compiles only',
  coverage: '`test-policies --coverage`',
  decide: '`validate`',
  eval: '`validate`',
  evaluate: '`validate`',
  fix: '`lint --fix`',
  mutate: '`test-policies --mutate`',
  new: '`init`',
  plan: '`validate`',
  run: '`validate`',
  show: '`inspect` for a bundle, `explain` for a policy',
  test: '`test-policies`',
  tests: '`test-policies`',
  why: '`explain`',
};

/** One form of commander's messages, and the hint for it; `null` where there is none. */
type Form = readonly [RegExp, (groups: readonly string[]) => string | null];

const FORMS: readonly Form[] = [
  [
    /^error: unknown command '([^']*)'/,
    ([verb = '']) => (Object.hasOwn(VERBS, verb) ? `use ${VERBS[verb] ?? ''}` : null),
  ],
  [
    /(?:argument|value) '([^']*)' is invalid[^.]*\. Allowed choices are (.*)\.$/m,
    ([given = '', choices = '']) => {
      const near = nearest(given, choices.split(', '));
      return near === null ? null : `did you mean \`${near}\`?`;
    },
  ],
  [
    /too many arguments for '(?:lint|test-policies|graph|bundle|simulate)'/,
    () => 'policies are named by a flag: --policy-dir policies/',
  ],
];

const NEAR_MISS = /\n\(Did you mean (one of )?(.*)\?\)/;

/** A message of the command line's reader, with a hint where one can be given. */
export function withHint(text: string): string {
  for (const [form, hint] of FORMS) {
    const match = form.exec(text);
    const found = match && hint(match.slice(1));
    if (found !== null) return `${text.replace(NEAR_MISS, '').trimEnd()}\n  hint: ${found}\n`;
  }
  return text.replace(NEAR_MISS, (_, several: string | undefined, names: string) =>
    several === undefined
      ? `\n  hint: did you mean \`${names}\`?`
      : `\n  hint: did you mean one of ${names}?`,
  );
}
