import type { Engine } from '../engine.ts';
import type { Check } from '../workload.ts';
import { allTexts, byStep, peer } from './indexed.ts';

interface JsonLogic {
  readonly LogicEngine: new () => {
    addMethod(name: string, method: object): void;
    build(logic: unknown): (data: unknown) => readonly boolean[];
  };
}

/** One built function a tool that gives a list of truths. */
export const jsonLogic: Engine = {
  name: 'json-logic-engine (built)',
  most: 1000,
  async prepare(workload) {
    const { LogicEngine } = await peer<JsonLogic>('json-logic-engine');
    const engine = new LogicEngine();
    const patterns: RegExp[] = [];
    engine.addMethod('matches', {
      method: ([text, at]: readonly [unknown, number]) =>
        typeof text === 'string' && patterns[at]?.test(text),
      deterministic: true,
    });
    const matches = (arg: string, source: string): object => ({
      matches: [{ var: arg }, patterns.push(new RegExp(source, 'u')) - 1],
    });
    const logicOf = (arg: string, check: Check): object => {
      switch (check.operation) {
        case 'gt':
          return { '!': { '<=': [{ var: arg }, check.value] } };
        case 'lt':
          return { '!': { '>=': [{ var: arg }, check.value] } };
        case 'equals':
          return { '===': [{ var: arg }, check.value] };
        case 'in':
          return { in: [{ var: arg }, check.value] };
        case 'contains':
          return { in: [check.value, { var: arg }] };
        case 'starts_with':
          return matches(arg, `^${check.value}`);
        case 'matches':
          return matches(arg, check.value);
      }
    };
    let bytes = 0;
    return byStep(
      workload,
      (_tool, { rules, deny }) => {
        const logic = [
          ...rules.map(({ arg, check }) => logicOf(arg, check)),
          ...deny.map((source) => matches('*', source)),
        ];
        bytes += JSON.stringify(logic).length;
        const names = [...rules.map(({ name }) => name), ...deny.map((source) => `deny ${source}`)];
        const run = engine.build(logic);
        return (step) => {
          const held = run({ ...step.args, '*': allTexts(step) });
          return names.filter((_name, i) => held[i]);
        };
      },
      () => bytes,
    );
  },
};
