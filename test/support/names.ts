/** What the names in an emitted module mean, as ESLint's scope analysis sees them. */
import { Linter } from 'eslint';
import type { Rule, Scope } from 'eslint';

export interface NameProblems {
  /** Names of the module's top level that something inside a function has too. */
  readonly hidden: readonly string[];
  /** Names that nothing in the module declares. */
  readonly free: readonly string[];
}

/** Scopes at or below one, but for the support code's: esbuild has named what is in there, and nothing of ours is. */
function below(scope: Scope.Scope): readonly Scope.Scope[] {
  return [scope, ...scope.childScopes.flatMap(below)];
}

/** @throws Error for a module that does not parse */
export function nameProblems(code: string): NameProblems {
  const hidden = new Set<string>();
  const free = new Set<string>();
  const collect = (manager: Scope.ScopeManager): void => {
    const module = manager.scopes.find((scope) => scope.type === 'module');
    const factory = module?.childScopes[0];
    if (!factory) throw new Error('there is no factory in the module');
    const top = new Set(factory.variables.map((variable) => variable.name));
    const [support, ...own] = factory.childScopes;
    if (!support) throw new Error('there is no support code in the module');
    for (const scope of own.flatMap(below))
      for (const { name, defs } of scope.variables) if (defs.length > 0 && top.has(name)) hidden.add(name);
    for (const { identifier } of manager.globalScope?.through ?? []) free.add(identifier.name);
  };
  const messages = new Linter().verify(code, {
    plugins: {
      names: {
        rules: {
          collect: {
            create: ({ sourceCode }: Rule.RuleContext) => ({
              Program: () => {
                collect(sourceCode.scopeManager);
              },
            }),
          },
        },
      },
    },
    rules: { 'names/collect': 'error' },
  });
  const [problem] = messages;
  if (problem) throw new Error(`${problem.line}:${problem.column} ${problem.message}`);
  return { hidden: [...hidden].sort(), free: [...free].sort() };
}
