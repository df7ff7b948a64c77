import type { CelTest } from '../ir/program.ts';
import { emitCel } from './cel/index.ts';
import { emitParameter } from './cel/parameter.ts';
import type { SupportName } from './cel/scope.ts';
import { js, literal } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { Scope } from './scope.ts';

/** What a CEL condition is asked about, in the question `Q`, and the function that makes of it what CEL has. */
const SUBJECT: Readonly<Record<string, { readonly code: Code; readonly makes?: SupportName }>> = {
  plan: { code: js`Q.plan` },
  context: { code: js`celContext(Q.context)`, makes: 'celContext' },
  now: { code: js`celInstant(Q.now)`, makes: 'celInstant' },
  step: { code: js`celStep(Q.step)`, makes: 'celStep' },
};

/** The condition as an expression over the question `Q`, whose value is `true`, `false`, or a failure with a `reason`. */
export function emitCelTest(test: CelTest, scope: Scope): Code {
  return scope.once(test, () => emitOnce(test, scope));
}

function emitOnce({ expression, patterns, params }: CelTest, scope: Scope): Code {
  const variables = Object.entries(SUBJECT).map(([key, { code }]) => [key, code] as const);
  const bound = params.map(({ name: key, type, value }) => {
    const { code, support } = emitParameter(value, type);
    scope.celSupport(support);
    return [`params.${key}`, scope.constant('c', code)] as const;
  });
  const emitted = emitCel(expression, Object.fromEntries([...variables, ...bound]), {
    fresh: (stem) => scope.fresh(stem),
    pattern: ({ key }) => {
      const plan_ = patterns[key];
      return plan_ ? scope.pattern(plan_) : literal(false);
    },
  });
  const makers = emitted.variables.flatMap((variable) => SUBJECT[variable]?.makes ?? []);
  scope.celSupport([...makers, ...emitted.support]);
  for (const declaration of emitted.declarations) scope.declare(declaration);
  // The type checker lets pass what may be a bool.
  if (expression.root.type.kind === 'bool') return emitted.test;
  scope.celSupport(['celCondition']);
  return js`celCondition(${emitted.test})`;
}
