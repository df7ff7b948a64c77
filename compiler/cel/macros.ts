import type { CelMacro, CelNode, CelType } from '../ir/cel.ts';
import type { Ast } from './ast.ts';
import type { Checker } from './checker.ts';
import * as types from './types.ts';

type Call = Ast & { kind: 'call' };

/** How a macro over a list or a map is written: names first, then an optional filter, then its body. */
interface Form {
  readonly macro: CelMacro;
  readonly names: 1 | 2;
  readonly filter: boolean;
}

/** Macros by name and number of arguments (langdef.md "Macros"; cel-go ext "TwoVarComprehensions"). */
const FORMS: Readonly<Record<string, Form>> = {
  'all/2': { macro: 'all', names: 1, filter: false },
  'all/3': { macro: 'all', names: 2, filter: false },
  'exists/2': { macro: 'exists', names: 1, filter: false },
  'exists/3': { macro: 'exists', names: 2, filter: false },
  'exists_one/2': { macro: 'exists_one', names: 1, filter: false },
  'exists_one/3': { macro: 'exists_one', names: 2, filter: false },
  'existsOne/2': { macro: 'exists_one', names: 1, filter: false },
  'existsOne/3': { macro: 'exists_one', names: 2, filter: false },
  'filter/2': { macro: 'filter', names: 1, filter: false },
  'map/2': { macro: 'map', names: 1, filter: false },
  'map/3': { macro: 'map', names: 1, filter: true },
  'transformList/3': { macro: 'transformList', names: 2, filter: false },
  'transformList/4': { macro: 'transformList', names: 2, filter: true },
  'transformMap/3': { macro: 'transformMap', names: 2, filter: false },
  'transformMap/4': { macro: 'transformMap', names: 2, filter: true },
  'transformMapEntry/3': { macro: 'transformMapEntry', names: 2, filter: false },
  'transformMapEntry/4': { macro: 'transformMapEntry', names: 2, filter: true },
};

/** Names of macros, for the messages about a wrong number of arguments. */
export const MACRO_NAMES: ReadonlySet<string> = new Set(
  Object.keys(FORMS).map((key) => key.slice(0, key.indexOf('/'))),
);

/** A macro over the elements of its receiver; `null` if this call is none. */
export function checkMacro(checker: Checker, ast: Call): CelNode | null {
  const form = FORMS[`${ast.name}/${ast.args.length}`];
  if (!form || !ast.receiver) return null;
  const names = ast.args.slice(0, form.names).map((arg) => variableName(checker, arg, ast.name));
  if (names.some((name) => name === null)) return checker.node({ op: 'list', elements: [] }, types.DYN, ast);
  const [first, second] = names;
  if (second !== undefined && first === second) {
    return checker.fail('syntax', `\`${ast.name}\` needs two different names`, ast.args[1] ?? ast);
  }
  const range = checker.check(ast.receiver);
  const elements = elementTypes(checker, range, form.names, ast.name);
  const locals = names.map((name, i) => ({ name: name ?? '', type: elements[i] ?? types.DYN }));
  const [filterAst, bodyAst] = form.filter ? ast.args.slice(-2) : [null, ast.args.at(-1)];
  if (!bodyAst) return null;
  let filter: CelNode | null = null;
  const { slots, body } = checker.within(locals, () => {
    if (filterAst) {
      filter = checker.check(filterAst);
      checker.require(types.BOOL, filter, `the condition of \`${ast.name}\` must be a bool`);
    }
    return checker.check(bodyAst);
  });
  const type = resultType(checker, form.macro, range.type, elements, body, ast.name);
  return checker.node({ op: 'comprehension', macro: form.macro, range, slots, filter, body }, type, ast);
}

/** The name a macro binds: an identifier, or `cel.iterVar(depth, index)` in optimised expressions. */
export function variableName(checker: Checker, ast: Ast, macro: string): string | null {
  if (ast.kind === 'identifier' && !ast.absolute) return ast.name;
  const block = blockName(ast);
  if (block !== null) return block;
  checker.fail('syntax', `\`${macro}\` needs a plain name here`, ast, 'as in `list.all(item, item > 0)`');
  return null;
}

/** The internal name behind `cel.index(n)`, `cel.iterVar(n, m)` and `cel.accuVar(n, m)` of `cel.block`. */
export function blockName(ast: Ast): string | null {
  if (ast.kind !== 'call' || ast.receiver?.kind !== 'identifier' || ast.receiver.name !== 'cel') return null;
  if (!['index', 'iterVar', 'accuVar'].includes(ast.name)) return null;
  const numbers = ast.args.map((arg) =>
    arg.kind === 'constant' && arg.constant.kind === 'int' ? arg.constant.value : '?',
  );
  return `@${ast.name}:${numbers.join(':')}`;
}

function elementTypes(checker: Checker, range: CelNode, names: 1 | 2, macro: string): CelType[] {
  const type = checker.types.resolve(range.type);
  switch (type.kind) {
    case 'list':
      return names === 1 ? [type.element] : [types.INT, type.element];
    case 'map':
      return names === 1 ? [type.key] : [type.key, type.value];
    case 'record':
      return names === 1 ? [types.STRING] : [types.STRING, types.DYN];
    default:
      checker.require(types.listOf(types.DYN), range, `\`${macro}\` goes over a list or a map`);
      // The first of two names is an index, or a key.
      if (type.kind === 'dyn' && type.json) return names === 1 ? [types.JSON] : [types.DYN, types.JSON];
      return [types.DYN, types.DYN];
  }
}

function resultType(
  checker: Checker,
  macro: CelMacro,
  range: CelType,
  elements: readonly CelType[],
  body: CelNode,
  name: string,
): CelType {
  switch (macro) {
    case 'map':
    case 'transformList':
      return types.listOf(body.type);
    case 'transformMap':
      return types.mapOf(elements[0] ?? types.DYN, body.type);
    case 'transformMapEntry': {
      const type = types.mapOf(checker.types.fresh(), checker.types.fresh());
      checker.require(type, body, '`transformMapEntry` makes maps with one entry');
      return type;
    }
    case 'filter': {
      checker.require(types.BOOL, body, '`filter` needs a bool for each element');
      const { kind } = checker.types.resolve(range);
      return kind === 'dyn' ? types.DYN : types.listOf(elements[0] ?? types.DYN);
    }
    default:
      checker.require(types.BOOL, body, `\`${name}\` needs a bool for each element`);
      return types.BOOL;
  }
}
