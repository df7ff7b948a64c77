import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Analysis, Subject } from './analysis.ts';
import { base } from './base.ts';
import { conditions } from './conditions.ts';
import { exceptions } from './exceptions.ts';
import { order } from './order.ts';
import { outsideAllowed } from './outside-allowed.ts';
import { params } from './params.ts';
import { sessions } from './sessions.ts';
import { shadowed } from './shadowed.ts';
import { slips } from './slips.ts';
import { tests } from './tests.ts';
import { texts } from './texts.ts';
import { threshold } from './threshold.ts';
import { wide } from './wide.ts';

export { DEFAULT_BUDGET } from './analysis.ts';
export type { Budget, Subject } from './analysis.ts';

/** What `lint` looks for in policies that compile. None of it changes a decision. */
export const ANALYSES: readonly Analysis[] = [
  tests,
  wide,
  conditions,
  texts,
  slips,
  shadowed,
  outsideAllowed,
  params,
  order,
  exceptions,
  threshold,
  base,
  sessions,
];

/** Runs analyses, all of them by default; what they find are warnings. */
export function analyse(
  subject: Subject,
  diagnostics: Diagnostics,
  analyses: readonly Analysis[] = ANALYSES,
): void {
  for (const { run } of analyses) run(subject, diagnostics);
}
