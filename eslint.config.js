import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Names of one letter that say enough: an index, a count, the two sides of a comparison, the parameters of a message. */
const SHORT_NAMES = ['_', 'i', 'j', 'k', 'n', 'a', 'b', 'x', 'y', 'p'];

/** Where one `?:` still stands inside another, and why. The list only gets shorter. */
const NESTED = [
  { reason: 'truth tables, a line a case', files: ['test/oracle/**', 'test/cel/**', 'test/parts/**'] },
];

/** Where other names of one letter still stand, and why. The list only gets shorter. */
const SHORT = [
  {
    reason: 'names of the emitted code: `v` is the value in hand there, and in the templates that write it',
    files: ['compiler/operations/**', 'compiler/5-emit/**', 'engine/guard/**', 'engine/rules/**'],
  },
  {
    reason: '`c` is a code point, as in the literature on automata and in Unicode',
    files: [
      'compiler/patterns/**',
      'engine/text/**',
      'test/patterns/**',
      'test/spelling/**',
      'test/differential/**',
    ],
  },
  {
    reason: 'not yet renamed',
    files: [
      'compiler/2-resolve/params.ts',
      'compiler/diagnostics/**',
      'compiler/proof/**',
      'engine/cel/time.ts',
      ...['analysis', 'cel', 'digest', 'emit', 'inherit', 'oracle', 'runtime', 'tamper'].map(
        (room) => `test/${room}/**`,
      ),
    ],
  },
];

export default tseslint.config(
  // AssemblyScript has other types than TypeScript; its own compiler checks them.
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'fixtures/**',
      'bench/results/**',
      'engine/bytes/scanner/**',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-shadow': 'off',
      '@typescript-eslint/no-shadow': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // A type parameter that appears once is often what makes a public signature read well.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      eqeqeq: 'error',
      // Early returns and tables by kind read better than one `?:` inside another.
      'no-nested-ternary': 'error',
      'id-length': ['error', { min: 2, properties: 'never', exceptions: SHORT_NAMES }],
      // Code points are what CEL and JSON Schema count; graphemes would be a different length.
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
  {
    // Plans are hostile input: casts from `unknown` and comparisons a type says are needless are the point there.
    files: ['runtime/**', 'engine/**', 'test/**', 'bench/**'],
    rules: { '@typescript-eslint/no-unnecessary-condition': 'off' },
  },
  { files: NESTED.flatMap(({ files }) => files), rules: { 'no-nested-ternary': 'off' } },
  { files: SHORT.flatMap(({ files }) => files), rules: { 'id-length': 'off' } },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
