import type { Engine } from '../engine.ts';
import type { Check, Step } from '../workload.ts';
import { escape } from '../baselines/merge.ts';
import { allTexts, byStep, peer } from './indexed.ts';

interface CaslRule {
  readonly reason?: string;
  matchesConditions(subject: object): boolean;
}
interface Casl {
  readonly createMongoAbility: (
    rules: readonly object[],
    options: object,
  ) => { rulesFor(action: string, subject: string): readonly CaslRule[] };
}

/** Its own index: the tool is the subject type. All rules that match are taken, as a report needs them. */
export const casl: Engine = {
  name: 'CASL (own index)',
  most: 1000,
  async prepare(workload) {
    const { createMongoAbility } = await peer<Casl>('@casl/ability');
    const raw: object[] = [];
    const prepared = byStep(
      workload,
      (tool, { rules, deny }) => {
        const forbid = (conditions: object, reason: string): object => ({
          action: 'call',
          subject: tool,
          inverted: true,
          conditions,
          reason,
        });
        raw.push(
          ...rules.map(({ arg, check, name }) => forbid(conditionsOf(arg, check), name)),
          ...deny.map((source) => forbid({ '*': { $regex: source } }, `deny ${source}`)),
        );
        return (step: Step) => {
          const subject = { ...step.args, '*': allTexts(step) };
          const found: string[] = [];
          for (const rule of ability.rulesFor('call', tool)) {
            if (rule.matchesConditions(subject)) found.push(rule.reason ?? '');
          }
          return found;
        };
      },
      () => 0,
    );
    const ability = createMongoAbility(raw, { detectSubjectType: () => '' });
    return { ...prepared, bytes: JSON.stringify(raw).length };
  },
};

function conditionsOf(arg: string, check: Check): object {
  switch (check.operation) {
    case 'gt':
      return { [arg]: { $gt: check.value } };
    case 'lt':
      return { [arg]: { $lt: check.value } };
    case 'equals':
      return { [arg]: check.value };
    case 'in':
      return { [arg]: { $in: check.value } };
    case 'contains':
      return { [arg]: { $regex: escape(check.value) } };
    case 'starts_with':
      return { [arg]: { $regex: `^${escape(check.value)}` } };
    case 'matches':
      return { [arg]: { $regex: check.value } };
  }
}
