import type { Engine } from '../engine.ts';
import type { Check } from '../workload.ts';
import { allTexts, byStepLater, peer } from './indexed.ts';
import { denied, piecesOf } from './like.ts';

interface Zen {
  readonly ZenEngine: new () => {
    createDecision(content: Buffer): {
      evaluate(context: object): Promise<{ readonly result: Record<string, boolean> }>;
    };
  };
}

/** One expression node a tool, an expression a rule. */
export const zen: Engine = {
  name: 'zen-engine',
  most: 1000,
  async prepare(workload) {
    const zenModule = await peer<Zen & { readonly default?: Zen }>('@gorules/zen-engine');
    const { ZenEngine } = zenModule.default ?? zenModule;
    const engine = new ZenEngine();
    let bytes = 0;
    return byStepLater(
      workload,
      (_tool, { rules, deny }) => {
        const names = [...rules.map(({ name }) => name), ...deny.map((source) => `deny ${source}`)];
        const values = [
          ...rules.map(({ arg, check }) => expressionOf(arg, check)),
          ...deny.map((source) => `contains(all, ${JSON.stringify(denied(source))})`),
        ];
        const node = (id: string, type: string, content?: object): object => ({
          id,
          name: id,
          type,
          content,
        });
        const content = Buffer.from(
          JSON.stringify({
            nodes: [
              node('in', 'inputNode'),
              node('rules', 'expressionNode', {
                expressions: values.map((value, i) => ({ id: `e${i}`, key: `r${i}`, value })),
              }),
              node('out', 'outputNode'),
            ],
            edges: [
              { id: 'a', sourceId: 'in', targetId: 'rules', type: 'edge' },
              { id: 'b', sourceId: 'rules', targetId: 'out', type: 'edge' },
            ],
          }),
        );
        bytes += content.length;
        const decision = engine.createDecision(content);
        return async (step) => {
          const { result } = await decision.evaluate({ ...step.args, all: allTexts(step) });
          return names.filter((_name, i) => result[`r${i}`]);
        };
      },
      () => bytes,
    );
  },
};

function expressionOf(arg: string, check: Check): string {
  const quoted = JSON.stringify(check.value);
  if (check.operation === 'gt') return `${arg} > ${check.value}`;
  if (check.operation === 'lt') return `${arg} < ${check.value}`;
  if (check.operation === 'equals') return `${arg} == ${quoted}`;
  if (check.operation === 'in') return `${arg} in ${quoted}`;
  const { start, inside } = piecesOf(check) ?? { start: '', inside: '' };
  const tests = [
    ...(start === '' ? [] : [`startsWith(${arg}, ${JSON.stringify(start)})`]),
    ...(inside === '' ? [] : [`contains(${arg}, ${JSON.stringify(inside)})`]),
  ];
  return tests.join(' and ');
}
