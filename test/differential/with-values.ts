/** Questions whose references have been replaced by values, as a run replaces them. */
import type { ToolCatalog } from '../../compiler/ir/catalog.ts';
import type { ResolvedPolicy } from '../../compiler/ir/resolved.ts';
import { decide } from '../oracle/oracle.ts';
import type { OracleStep, Place } from '../oracle/oracle.ts';
import { readSteps } from '../oracle/read-plan.ts';
import { Later } from '../oracle/references.ts';
import type { Question } from './question.ts';

const SAMPLES: readonly unknown[] = ['x', 7, 'DROP', true];

/** The first of these places at which the oracle finds something once values are there. */
export function brokenWithValues(
  { entry, catalog }: { readonly entry: ResolvedPolicy; readonly catalog: ToolCatalog | null },
  { plan, context, now }: Question,
  places: readonly Place[],
): Place | undefined {
  const { steps } = readSteps(plan, catalog);
  for (const sample of SAMPLES) {
    const withValues = steps.map((step) => ({
      ...step,
      args: valued(step.args, sample) as OracleStep['args'],
    }));
    const { findings } = decide(entry, { ...plan, steps: withValues }, context, now, catalog);
    const broken = places.find(({ rule, step }) =>
      findings.some((finding) => finding.rule === rule && finding.step === step),
    );
    if (broken) return broken;
  }
  return undefined;
}

function valued(value: unknown, sample: unknown): unknown {
  if (value instanceof Later) return value.isWhole ? sample : (value.known ?? ['', '']).join(String(sample));
  if (Array.isArray(value)) return value.map((each) => valued(each, sample));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, valued(each, sample)]));
}
