/** `plan-lint validate`: decides plans with a signed bundle, or, while authoring, with a policy directory. */
import { loadBundle } from '@plan-lint/runtime';
import { bundleSource } from '../../bundles/source.ts';
import type { SourceOptions } from '../../bundles/source.ts';
import { choosePolicy } from '../../bundles/choose-policy.ts';
import { parseContext } from '../context.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { readPlan } from '../plan-input.ts';
import { resultsJson, resultsText } from '../text/results.ts';

export interface ValidateOptions extends SourceOptions {
  /** Paths of plans; `-` is standard input. */
  readonly plans: readonly string[];
  /** `key=value` pairs; values are JSON where they parse as such, text otherwise. */
  readonly context?: readonly string[];
  readonly format?: 'text' | 'json';
}

export function validate(options: ValidateOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const source = await bundleSource(options, io);
    const bundle = await loadBundle(source.module, source.sidecars, source.trust, source.load);
    const policy = choosePolicy(bundle, source.entry);
    const context = parseContext(options.context ?? []);
    const results = [];
    for (const path of options.plans) {
      const plan = await readPlan(path, io);
      results.push({ path, decision: policy.evaluate(plan, { context, now: io.now() }) });
    }
    io.stdout(options.format === 'json' ? resultsJson(results) : resultsText(results));
    return results.every(({ decision }) => decision.valid) ? EXIT.ok : EXIT.findings;
  });
}
