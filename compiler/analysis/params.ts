/** Parameters that no rule takes a value from. */
import type { PolicyDocument } from '../ir/document.ts';
import type { WholePlanBody } from '../ir/whole-plan.ts';
import { leavesOf } from './analysis.ts';
import type { Analysis } from './analysis.ts';

export const params: Analysis = {
  name: 'unused parameters',
  run: ({ documents }, diagnostics) => {
    // By name alone, wherever it stands: a child may be the one that uses what its parent declares.
    const used = new Set(documents.flatMap(namesIn));
    for (const { policies } of documents) {
      for (const { name, span } of policies.flatMap((block) => block.params)) {
        if (!used.has(name)) diagnostics.report('PL4121', { name }, span);
      }
    }
  },
};

function namesIn({ policies }: PolicyDocument): readonly string[] {
  return policies.flatMap(({ rules, refinements }) => {
    const patterns = [...rules, ...refinements].flatMap(({ pattern }) => (pattern ? [pattern] : []));
    const named = patterns.flatMap(leavesOf).flatMap(({ param }) => (param ? [param.value] : []));
    const limits = rules.flatMap(({ wholePlan }) => (wholePlan ? limitNames(wholePlan) : []));
    const conditions = rules.flatMap(({ when }) => (when ? [when.value] : []));
    const read = conditions.flatMap((text) =>
      [...text.matchAll(/\bparams\s*\.\s*(\w+)/g)].map(([, name = '']) => name),
    );
    return [...named, ...limits, ...read];
  });
}

function limitNames(body: WholePlanBody): readonly string[] {
  const param = 'limit' in body ? body.limit.param : null;
  return param ? [param.value] : [];
}
