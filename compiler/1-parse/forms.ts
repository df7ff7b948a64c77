/** A form that a text must have: for a schema, and in words. */
interface Form {
  readonly pattern: string;
  /** As the end of "write …". */
  readonly words: string;
}

/** The forms of names and figures in policy files and `plan-lint.yaml`. */
export const FORMS = {
  ruleName: {
    pattern: '^[A-Za-z][A-Za-z0-9_.-]*$',
    words: 'a letter, then letters, digits, `_`, `.` or `-`, without blanks: `limit_transfers`',
  },
  policyName: {
    pattern: '^[A-Za-z][A-Za-z0-9_./-]*$',
    words: 'a letter, then letters, digits, `_`, `.`, `/` or `-`, without blanks: `team/finance`',
  },
  category: {
    pattern: '^[A-Z][A-Z0-9_]*$',
    words: 'a capital letter, then capitals, digits or `_`: `RAW_SECRET`',
  },
  parameterName: {
    pattern: '^[a-z][a-z0-9_]*$',
    words: 'a small letter, then small letters, digits or `_`: `largest_amount`',
  },
  window: {
    pattern: '^[1-9][0-9]{0,5}[smhd]$',
    words: 'seconds, minutes, hours or days, as `90s`, `15m`, `1h` or `7d`',
  },
  duration: { pattern: '^[1-9][0-9]{0,5}[dh]$', words: 'days or hours, as `90d` or `12h`' },
  sha256: {
    pattern: '^[0-9a-f]{64}$',
    words: '64 lower-case hexadecimal digits, as `sha256sum` prints them',
  },
} as const satisfies Readonly<Record<string, Form>>;

/** What a text of this pattern looks like, in words. */
export const wordsOf = (pattern: string): string | undefined =>
  Object.values<Form>(FORMS).find((form) => form.pattern === pattern)?.words;
