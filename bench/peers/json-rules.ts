import type { Engine } from '../engine.ts';
import type { Check } from '../workload.ts';
import { allTexts, byStepLater, peer } from './indexed.ts';

interface RulesEngine {
  addOperator(name: string, test: (fact: unknown, value: never) => boolean): void;
  addRule(rule: object): void;
  run(facts: object): Promise<{ readonly events: readonly { readonly type: string }[] }>;
}
interface JsonRules {
  readonly Engine: new () => RulesEngine;
}

/** An engine a tool. */
export const jsonRules: Engine = {
  name: 'json-rules-engine',
  most: 1000,
  async prepare(workload) {
    const { Engine } = await peer<JsonRules>('json-rules-engine');
    let bytes = 0;
    return byStepLater(
      workload,
      (_tool, { rules, deny }) => {
        const engine = new Engine();
        engine.addOperator(
          'matches',
          (fact, pattern: RegExp) => typeof fact === 'string' && pattern.test(fact),
        );
        engine.addOperator('holds', (fact, text: string) => typeof fact === 'string' && fact.includes(text));
        const add = (type: string, condition: object): void => {
          bytes += JSON.stringify(condition).length;
          engine.addRule({ conditions: { all: [condition] }, event: { type } });
        };
        for (const { name, arg, check } of rules) add(name, conditionOf(arg, check));
        for (const source of deny)
          add(`deny ${source}`, { fact: '*', operator: 'matches', value: new RegExp(source, 'u') });
        return async (step) => {
          const { events } = await engine.run({ ...step.args, '*': allTexts(step) });
          return events.map(({ type }) => type);
        };
      },
      () => bytes,
    );
  },
};

function conditionOf(fact: string, check: Check): object {
  switch (check.operation) {
    case 'gt':
      return { fact, operator: 'greaterThan', value: check.value };
    case 'lt':
      return { fact, operator: 'lessThan', value: check.value };
    case 'equals':
      return { fact, operator: 'equal', value: check.value };
    case 'in':
      return { fact, operator: 'in', value: check.value };
    case 'contains':
      return { fact, operator: 'holds', value: check.value };
    case 'starts_with':
      return { fact, operator: 'matches', value: new RegExp(`^${check.value}`, 'u') };
    case 'matches':
      return { fact, operator: 'matches', value: new RegExp(check.value, 'u') };
  }
}
