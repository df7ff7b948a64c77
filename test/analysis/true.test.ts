/** What lint says of random policies is true of every plan that is tried: it warns of what is certain only. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lint, memoryHost } from '../../compiler/index.ts';
import { rulesIn } from '../../compiler/ir/layer.ts';
import { fires } from '../../compiler/proof/evaluate.ts';
import { conditionOf } from '../../compiler/proof/condition.ts';
import { conditionOfRule } from '../../compiler/proof/rule.ts';
import { alwaysFires, neverHolds } from '../../compiler/proof/satisfy.ts';
import { childrenOf } from '../../compiler/analysis/analysis.ts';
import type { PatternDeclaration } from '../../compiler/ir/document.ts';
import { policyFile, question } from '../differential/generate.ts';
import { decide } from '../oracle/oracle.ts';

const SEED = 11;
const AT = { now: 0, warnExpiry: 0 };
const files = fc.sample(policyFile, { seed: SEED, numRuns: 400 });
const questions = fc.sample(question, { seed: SEED, numRuns: 60 });
const steps = questions.flatMap(({ plan }) => plan.steps);

const parts = (pattern: PatternDeclaration): readonly PatternDeclaration[] => [
  pattern,
  ...childrenOf(pattern).flatMap(parts),
];

/** Whether some test looks at many values, or at one that may be missing, so that its opposite is not what holding means. */
const hasNoOpposite = (pattern: PatternDeclaration): boolean =>
  parts(pattern).some(
    ({ leaf }) => leaf && (!leaf.arg || leaf.arg.value.includes('[*]') || leaf.optional?.value),
  );

test('tests that nothing satisfies hold on no step, and those that everything satisfies fire on each', async () => {
  const found = { never: 0, always: 0 };
  for (const file of files) {
    const { result } = await lint(memoryHost({ 'p.yaml': file }), AT);
    const patterns = (result?.policies.entries ?? [])
      .flatMap(({ layer }) => rulesIn(layer))
      .flatMap((rule) => (rule.kind === 'pattern' ? parts(rule.pattern) : []));
    for (const pattern of patterns) {
      const condition = conditionOf(pattern);
      if (alwaysFires(condition)) {
        found.always += 1;
        for (const { tool, args } of steps)
          expect([file, fires(condition, tool, args)]).toEqual([file, true]);
      }
      if (!hasNoOpposite(pattern) && neverHolds(condition)) {
        found.never += 1;
        const opposite = conditionOf(pattern, true);
        for (const { tool, args } of steps) expect([file, fires(opposite, tool, args)]).toEqual([file, true]);
      }
    }
  }
  expect(found.never).toBeGreaterThan(0);
  expect(found.always).toBeGreaterThan(0);
});

test('where a rule is said to add nothing, the other fires whenever it does and the decision stays', async () => {
  let told = 0;
  for (const file of files) {
    const { result, diagnostics } = await lint(memoryHost({ 'p.yaml': file }), AT);
    const [policy] = result?.policies.entries ?? [];
    if (!policy) continue;
    const rules = rulesIn(policy.layer);
    for (const { code, message } of diagnostics) {
      if (code !== 'PL4111') continue;
      const names = [...message.matchAll(/`((?:[^`]|`(?! |:))*)`/g)].map(([, name]) => name);
      const [weak, strong] = names.map((name) => rules.find(({ id }) => id === name));
      if (!weak || !strong) throw new Error(`no such rules: ${message}`);
      told += 1;
      const other = conditionOfRule(strong);
      for (const { plan, context, now } of questions) {
        const { findings, status } = decide(policy, plan, context, now);
        for (const { rule, step } of findings) {
          const at = plan.steps[step ?? -1];
          if (rule === weak.id && at && other) expect(fires(other, at.tool, at.args)).toBe(true);
        }
        const layer = { base: policy.layer, dropped: new Set([weak]), added: [] };
        expect([message, decide({ ...policy, layer }, plan, context, now).status]).toEqual([message, status]);
      }
    }
  }
  expect(told).toBeGreaterThan(3);
});

test('a test of an argument that may be missing is not said never to hold where `null` satisfies it', async () => {
  const leaf = '{ tool: pay, arg: note, operation: type, value: "null", optional: true }';
  const file = `allow_tools: [pay]\nrules: [{ rule: r, pattern: ${leaf} }]\n`;
  const { diagnostics } = await lint(memoryHost({ 'p.yaml': file }), AT);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
});
