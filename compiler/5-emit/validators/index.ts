import type { ArgSchemas } from '../../ir/program.ts';
import { comma, join, js, literal, supportSource } from '../../code/code.ts';
import type { Code } from '../../code/code.ts';
import type { Scope, SupportName } from '../scope.ts';
import { canonical } from './canonical.ts';
import { declaredIn, needsOf, OTHERS } from './needs.ts';
import { Placeholders } from './placeholder.ts';
import { standalone } from './standalone.ts';

/** What the validators call of the support code. */
const CALLED: readonly SupportName[] = [
  'enter',
  'taken',
  'isLater',
  'isMultiple',
  'isUnique',
  'isAmong',
  'isNotNumber',
  'keysOf',
  'pointed',
  'fin',
  'size',
];

/**
 * The validators of the tools' arguments as one constant of the module, a map from tool to function; returns its name.
 * Tools with the same schema share one.
 */
export function emitValidators({ byTool, patterns }: ArgSchemas, scope: Scope): Code {
  const placeholders = new Placeholders(patterns, scope);
  const numbers = new Map<string, number>();
  const tools = [...byTool].map(([tool, input]) => {
    const key = JSON.stringify(input ? canonical(input, placeholders) : { leftOut: true });
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return { tool, number, input };
  });
  const schemas = [...numbers.keys()].map((text) => JSON.parse(text) as ReturnType<typeof canonical>);
  const { text, functions } = standalone(schemas, (word) => placeholders.isInherited(word));
  const filled = placeholders.fill(text);
  for (const each of CALLED) scope.support(each);
  const pairs = tools.map(({ tool, number, input }) => {
    const validator = functions[number];
    if (validator === undefined) throw new Error(`ajv made no validator for ${tool}`);
    const { always, free, text: texts, others } = needsOf(input ?? {});
    const needs = literal([always ? 1 : 0, free, texts, OTHERS[others]]);
    return js`[${literal(tool)},[${supportSource(validator)},${needs},${literal(declaredIn(input ?? {}))}]]`;
  });
  return scope.constant('args', js`(()=>{${filled}return new Map([${join(pairs, comma)}])})()`);
}
