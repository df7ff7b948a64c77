/**
 * The engine (`engine/`) as the pieces that emitted modules are put together from: bundled and minified once, then cut at
 * its top-level declarations. Emission takes the pieces that a policy's module needs, so compiling needs no bundler.
 *
 * Policy text never passes through here: esbuild would print escaped words plainly.
 */
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import { buildSync } from 'esbuild';
import { analyze } from 'eslint-scope';
import type { Program } from 'estree';
import type { EngineParts } from '../compiler/5-emit/engine-part.ts';

/** What the engine may name without declaring it: the kit of the runtime, and what every emitted module declares. */
const GIVEN = new Set([
  ...['isArray', 'hasOwn', 'isPlain', 'Map', 'RegExp', 'Int32Array', 'fromCodePoint'],
  ...['kinds', 'rule', 'undefined', 'NaN', 'Infinity', 'TypeError'],
]);

const entry = fileURLToPath(new URL('../engine/index.ts', import.meta.url));

interface Piece {
  readonly declares: string;
  readonly keyword: '' | 'var';
  readonly range: readonly [start: number, end: number];
}

/** @throws Error where the engine has an effect at top level, or names what no module has */
export function engineParts(): EngineParts {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'ascii',
    minify: true,
    legalComments: 'none',
    tsconfigRaw: {},
  });
  const text = (outputFiles[0]?.text ?? '').trim();
  // Acorn's nodes are those of ESTree, but for types that name them apart.
  const program = parse(text, {
    ecmaVersion: 2022,
    sourceType: 'module',
    ranges: true,
  }) as unknown as Program;
  const exports: Record<string, string> = {};
  const pieces = program.body.flatMap((statement) => piecesOf(statement, exports));
  const declaredBy = new Map(pieces.map(({ declares }, at) => [declares, at] as const));
  const needs = needsOf(program, pieces, declaredBy);
  return {
    exports: Object.fromEntries(
      Object.entries(exports).map(([outside, inside]) => [outside, [inside, declaredBy.get(inside) ?? -1]]),
    ),
    pieces: pieces.map(({ keyword, range }, at) => ({
      keyword,
      text: text.slice(...range),
      needs: [...(needs[at] ?? [])].sort((one, other) => one - other),
    })),
  };
}

function piecesOf(statement: Program['body'][number], exports: Record<string, string>): readonly Piece[] {
  switch (statement.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return [{ declares: statement.id.name, keyword: '', range: rangeOf(statement) }];
    case 'VariableDeclaration':
      return statement.declarations.map((declarator) => {
        if (declarator.id.type !== 'Identifier') throw new Error('a pattern at the top level of the engine');
        return { declares: declarator.id.name, keyword: 'var' as const, range: rangeOf(declarator) };
      });
    case 'ExportNamedDeclaration':
      for (const { local, exported } of statement.specifiers) {
        if (local.type === 'Identifier' && exported.type === 'Identifier')
          exports[exported.name] = local.name;
      }
      return [];
    default:
      throw new Error(
        `the engine does something at top level: a ${statement.type} at ${rangeOf(statement)[0]}`,
      );
  }
}

function rangeOf({
  range,
  type,
}: {
  readonly range?: [number, number] | undefined;
  readonly type: string;
}): readonly [number, number] {
  if (!range) throw new Error(`a ${type} without its place`);
  return range;
}

/** For each piece, the pieces whose names it uses. */
function needsOf(
  program: Program,
  pieces: readonly Piece[],
  declaredBy: ReadonlyMap<string, number>,
): readonly ReadonlySet<number>[] {
  const needs = pieces.map(() => new Set<number>());
  const pieceAt = (node: Parameters<typeof rangeOf>[0]): number => {
    const [from, to] = rangeOf(node);
    return pieces.findIndex(({ range: [start, end] }) => start <= from && to <= end);
  };
  const scopes = analyze(program, { ecmaVersion: 2022, sourceType: 'module' });
  const [global] = scopes.scopes;
  const [module] = global?.childScopes ?? [];
  for (const { identifier } of global?.through ?? []) {
    if (!GIVEN.has(identifier.name))
      throw new Error(`the engine names \`${identifier.name}\`, which no module has`);
  }
  for (const { name, references } of module?.variables ?? []) {
    const declaring = declaredBy.get(name);
    if (declaring === undefined) throw new Error(`\`${name}\` is declared nowhere`);
    for (const { identifier } of references) {
      const using = pieceAt(identifier);
      if (using !== declaring && using >= 0) needs[using]?.add(declaring);
    }
  }
  return needs;
}

export const ENGINE_PARTS: EngineParts = engineParts();
