import type { Engine } from '../engine.ts';
import type { Check } from '../workload.ts';
import { allTexts, byStep, peer } from './indexed.ts';

interface Cel {
  readonly celEnv: () => unknown;
  readonly parse: (text: string) => unknown;
  readonly plan: (env: unknown, expression: unknown) => (bindings: object) => unknown;
}

/** One planned expression a rule. */
export const cel: Engine = {
  name: 'CEL @bufbuild/cel',
  most: 1000,
  async prepare(workload) {
    const { celEnv, parse, plan } = await peer<Cel>('@bufbuild/cel');
    const env = celEnv();
    let bytes = 0;
    const compile = (text: string): ((bindings: object) => unknown) => {
      bytes += text.length;
      return plan(env, parse(text));
    };
    return byStep(
      workload,
      (_tool, { rules, deny }) => {
        const compiled = [
          ...rules.map(({ arg, check, name }) => ({ name, run: compile(expressionOf(arg, check)) })),
          ...deny.map((source) => ({
            name: `deny ${source}`,
            run: compile(`all.matches(${JSON.stringify(source)})`),
          })),
        ];
        return (step) => {
          const bindings = { args: step.args, all: allTexts(step) };
          const found: string[] = [];
          for (const { name, run } of compiled) if (run(bindings) === true) found.push(name);
          return found;
        };
      },
      () => bytes,
    );
  },
};

function expressionOf(arg: string, check: Check): string {
  const value = `args.${arg}`;
  const quoted = JSON.stringify(check.value);
  switch (check.operation) {
    case 'gt':
      return `${value} > ${check.value}.0`;
    case 'lt':
      return `${value} < ${check.value}.0`;
    case 'equals':
      return `${value} == ${quoted}`;
    case 'in':
      return `${value} in ${quoted}`;
    case 'contains':
      return `${value}.contains(${quoted})`;
    case 'starts_with':
      return `${value}.startsWith(${quoted})`;
    case 'matches':
      return `${value}.matches(${quoted})`;
  }
}
