import type { Engine } from '../engine.ts';
import type { Check } from '../workload.ts';
import { allTexts, byStep, peer } from './indexed.ts';
import { denied, piecesOf } from './like.ts';

interface Answer {
  readonly type: string;
  readonly response: { readonly diagnostics: { readonly reason: readonly string[] } };
}
interface Cedar {
  readonly preparsePolicySet: (id: string, policies: object) => { readonly type: string };
  readonly statefulIsAuthorized: (call: object) => Answer;
}

const entity = (type: string): object => ({ type, id: 'x' });

/** A preparsed policy set a tool; every `forbid` that holds is among the reasons. */
export const cedar: Engine = {
  name: 'Cedar wasm',
  most: 1000,
  async prepare(workload) {
    const cedarModule = await peer<Cedar & { readonly default?: Cedar }>('@cedar-policy/cedar-wasm/nodejs');
    const { preparsePolicySet, statefulIsAuthorized } = cedarModule.default ?? cedarModule;
    let bytes = 0;
    return byStep(
      workload,
      (tool, { rules, deny }) => {
        const staticPolicies: Record<string, string> = {};
        const forbid = (name: string, when: string): void => {
          staticPolicies[name] = `forbid(principal, action, resource) when { ${when} };`;
          bytes += when.length;
        };
        for (const { name, arg, check } of rules) forbid(name, conditionOf(arg, check));
        for (const source of deny)
          forbid(`deny ${source}`, `context.all like ${JSON.stringify(`*${denied(source)}*`)}`);
        staticPolicies['allow'] = 'permit(principal, action, resource);';
        const parsed = preparsePolicySet(tool, { staticPolicies });
        if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed).slice(0, 300));
        return (step) => {
          const { response, type } = statefulIsAuthorized({
            principal: entity('User'),
            action: entity('Action'),
            resource: entity('Tool'),
            context: { ...step.args, all: allTexts(step) },
            preparsedPolicySetId: tool,
            validateRequest: false,
            entities: [],
          });
          if (type !== 'success') throw new Error('cedar failed');
          return response.diagnostics.reason.filter((name) => name !== 'allow');
        };
      },
      () => bytes,
    );
  },
};

function conditionOf(arg: string, check: Check): string {
  const value = `context.${arg}`;
  const quoted = JSON.stringify(check.value);
  if (check.operation === 'gt') return `${value} > ${check.value}`;
  if (check.operation === 'lt') return `${value} < ${check.value}`;
  if (check.operation === 'equals') return `${value} == ${quoted}`;
  if (check.operation === 'in') return `${quoted}.contains(${value})`;
  const { start, inside } = piecesOf(check) ?? { start: '', inside: '' };
  return `${value} like ${JSON.stringify(`${start}*${inside}*`)}`;
}
