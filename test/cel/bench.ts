import { buildSync } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { createContext, Script } from 'node:vm';
import { compileCel, type CelEnvironment } from '../../compiler/cel/index.ts';
import { formatType } from '../../compiler/cel/types.ts';
import { emitCel, type EmittedCel } from '../../compiler/5-emit/cel/index.ts';
import { FORBIDDEN_WORDS, js, Names, regexLiteral } from '../../compiler/code/code.ts';
import type * as support from '../../engine/cel/index.ts';
import type { CelExpression, CelType } from '../../compiler/ir/cel.ts';

/** The support functions as the emitted module holds them. */
export type Support = typeof support;

const entry = fileURLToPath(new URL('../../engine/cel/index.ts', import.meta.url));
const bundle = buildSync({
  entryPoints: [entry],
  bundle: true,
  format: 'esm',
  write: false,
  legalComments: 'none',
});

/** The support functions as the body of a function that returns them. */
export const supportText = (bundle.outputFiles[0]?.text ?? '').replace(
  /export \{([^}]*)\};\s*$/,
  (_, names: string) => `return {${names.replace(/(\w+) as (\w+)/g, '$2: $1')}};`,
);

/**
 * A realm without any global: what names one fails. `undefined`, `NaN` and `Infinity` cannot be deleted; a test
 * looks for their names.
 */
export function bareRealm(): { run: (text: string) => unknown } {
  const context = createContext({});
  new Script(
    '{ const all = globalThis; for (const key of Object.getOwnPropertyNames(all)) delete all[key]; }',
  ).runInContext(context);
  return { run: (text) => new Script(text).runInContext(context) as unknown };
}

const realm = bareRealm();
(realm.run('(function (given) { fromCodePoint = given; })') as (given: unknown) => void)(
  String.fromCodePoint,
);
realm.run(`const support = (() => {"use strict";\n${supportText}\n})();`);

/** The very functions that emitted conditions call, so that `instanceof` holds. */
export const runtime = realm.run('support') as Support;

/** `matches` by the JavaScript engine: only for tests, it is not linear. */
export const nativePatterns: CelEnvironment['compilePattern'] = (source) => {
  try {
    new RegExp(source, 'u');
    return { ok: true, pattern: { key: source } };
  } catch {
    return { ok: false, message: 'this is not a regular expression' };
  }
};

export interface Condition {
  readonly expression: CelExpression;
  readonly type: string;
  readonly emitted: EmittedCel;
  /** The emitted text, without the support functions. */
  readonly text: string;
  /** Runs the emitted code: the value of `test`. */
  readonly run: (bindings: Readonly<Record<string, unknown>>) => unknown;
}

const forbidden = new RegExp(`(?<![\\w$])(?:${FORBIDDEN_WORDS.join('|')})(?![\\w$])`);

/** Puts a checked expression into a function of its variables and loads it into the bare realm. */
export function load(expression: CelExpression, variables: readonly string[]): Condition {
  const names = new Names();
  const inputs = variables.map((variable) => ({ variable, code: names.fresh('input') }));
  const codes = Object.fromEntries(inputs.map(({ variable, code }) => [variable, code]));
  const emitted = emitCel(expression, codes, {
    fresh: (stem) => names.fresh(stem),
    pattern: ({ key }) => js`(text) => ${regexLiteral(key, 'u')}.test(text)`,
  });
  const text = [
    ...emitted.declarations.map(String),
    `return (${['Q', ...inputs.map(({ code }) => code.toString())].join(', ')}) => ${emitted.test.toString()};`,
  ].join('\n');
  const word = forbidden.exec(text);
  if (word) throw new Error(`the forbidden word ${word[0]} stands in ${text}`);
  const needed = emitted.support.length > 0 ? `const {${emitted.support.join(', ')}} = support;\n` : '';
  const test = realm.run(`(() => {"use strict";\n${needed}${text}\n})()`) as (...args: unknown[]) => unknown;
  const run = (bindings: Readonly<Record<string, unknown>>): unknown => {
    return test(runtime.celBudget(), ...variables.map((variable) => bindings[variable]));
  };
  return { expression, type: formatType(expression.root.type), emitted, text, run };
}

/** Compiles and loads, or throws with the diagnostics. */
export function condition(
  source: string,
  variables: Readonly<Record<string, CelType>> = {},
  options: Partial<CelEnvironment> = {},
): Condition {
  const compiled = compileCel(source, { variables, compilePattern: nativePatterns, ...options });
  if (!compiled.ok)
    throw new Error(compiled.errors.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return load(compiled.expression, Object.keys(variables));
}

/** A result as `true`, `false` or `error`. */
export function verdict(value: unknown): boolean | 'error' {
  return typeof value === 'boolean' ? value : 'error';
}
