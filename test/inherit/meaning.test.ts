/** The prover's meaning of conditions is the oracle's: what is proved is proved of the real thing. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryHost, resolvePolicies } from '../../compiler/index.ts';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';
import { withContext } from '../../compiler/proof/caller.ts';
import { fires } from '../../compiler/proof/evaluate.ts';
import { implies } from '../../compiler/proof/implies.ts';
import { conditionOfRule } from '../../compiler/proof/rule.ts';
import { rulesIn } from '../../compiler/ir/layer.ts';
import { policyFile, question } from '../differential/generate.ts';
import { decide } from '../oracle/oracle.ts';

const SEED = 4;
const files = fc.sample(policyFile, { seed: SEED, numRuns: 120 });
const questions = fc.sample(question, { seed: SEED, numRuns: 160 });

test('a condition fires for the prover where its rule fires for the oracle', async () => {
  let compared = 0;
  for (const file of files) {
    const policies = await resolvePolicies(memoryHost({ 'p.yaml': file }), {}, new Diagnostics());
    const [policy] = policies?.entries ?? [];
    if (!policy) continue;
    for (const { plan, context, now } of questions.slice(0, 15)) {
      const { findings } = decide(policy, plan, context, now);
      for (const rule of rulesIn(policy.layer)) {
        const asked = conditionOfRule(rule);
        const condition = asked && withContext(asked, context);
        // What a rule leaves to a run is no finding, and its condition fires on it.
        if (!condition || rule.references === 'allow' || (rule.kind === 'pattern' && rule.when)) continue;
        for (const [i, step] of plan.steps.entries()) {
          const isFound = findings.some((finding) => finding.rule === rule.id && finding.step === i);
          if (fires(condition, step.tool, step.args) !== isFound)
            expect.fail(
              `${rule.id} ${isFound ? 'fires for the oracle' : 'fires for the prover'}: ${JSON.stringify(step)}`,
            );
          compared += 1;
        }
      }
    }
  }
  expect(compared).toBeGreaterThan(3_000);
});

test('what is proved of two random rules holds on every plan', async () => {
  let proved = 0;
  const steps = questions.flatMap(({ plan }) => plan.steps);
  for (const file of files) {
    const policies = await resolvePolicies(memoryHost({ 'p.yaml': file }), {}, new Diagnostics());
    const conditions = (policies?.entries ?? [])
      .flatMap(({ layer }) => rulesIn(layer))
      .flatMap((rule) => (rule.kind === 'pattern' && rule.when ? [] : (conditionOfRule(rule) ?? [])))
      .map((condition) => ({
        condition,
        firesAt: new Set(steps.flatMap(({ tool, args }, i) => (fires(condition, tool, args) ? [i] : []))),
      }));
    for (const parent of conditions) {
      for (const child of conditions) {
        if (parent === child) continue;
        const proof = implies(parent.condition, child.condition);
        if (proof.kind === 'refuted') {
          const [step] = proof.plan.steps;
          const tells =
            step &&
            fires(parent.condition, step.tool, step.args) &&
            !fires(child.condition, step.tool, step.args);
          expect(tells).toBe(true);
        }
        if (proof.kind !== 'proved') continue;
        proved += 1;
        expect([...parent.firesAt].filter((i) => !child.firesAt.has(i))).toEqual([]);
      }
    }
  }
  expect(proved).toBeGreaterThan(20);
});
