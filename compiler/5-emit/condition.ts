import type { CelTest } from '../ir/program.ts';
import { emitCel } from './cel/index.ts';
import { emitParameter } from './cel/parameter.ts';
import { js, literal, name } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { Scope } from './scope.ts';

/**
 * What a CEL condition is asked about: module-level variables that `check` and `explain` set before they ask.
 * Plan, context, now and step; a module decides one plan at a time, from beginning to end.
 */
export const SUBJECT = { plan: name('P'), context: name('X'), now: name('W'), step: name('S') } as const;

/** The condition as an expression whose value is `true`, `false`, or a failure with a `reason`. */
export function emitCelTest(test: CelTest, scope: Scope): Code {
  return scope.once(test, () => emitOnce(test, scope));
}

function emitOnce({ expression, patterns, params }: CelTest, scope: Scope): Code {
  const { plan, context, now, step } = SUBJECT;
  const variables = {
    plan,
    context: js`(${context}===void 0?{}:${context})`,
    now: js`celInstant(${now})`,
    step: js`{id:${step}.id,tool:${step}.tool,args:${step}.args===void 0?${step}.parameters:${step}.args,depends_on:${step}.depends_on===void 0?[]:${step}.depends_on,on_fail:${step}.on_fail===void 0?null:${step}.on_fail}`,
  };
  const bound = params.map(({ name: key, type, value }) => {
    const { code, support } = emitParameter(value, type);
    scope.celSupport(support);
    return [`params.${key}`, scope.constant('c', code)] as const;
  });
  const emitted = emitCel(
    expression,
    { ...variables, ...Object.fromEntries(bound) },
    {
      fresh: (stem) => scope.fresh(stem),
      pattern: ({ key }) => {
        const plan_ = patterns[key];
        return plan_ ? scope.pattern(plan_) : literal(false);
      },
    },
  );
  scope.askSubject();
  scope.celSupport(['celInstant', ...emitted.support]);
  if (emitted.kit.length > 0) scope.useCelKit();
  for (const declaration of emitted.declarations) scope.declare(declaration);
  // The type checker lets pass what may be a bool.
  if (expression.root.type.kind === 'bool') return emitted.test;
  scope.celSupport(['celCondition']);
  return js`celCondition(${emitted.test})`;
}
