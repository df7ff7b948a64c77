/** `plan-lint validate`: decides plans with a signed bundle, or, while authoring, with a policy directory. */
import { loadBundle } from '@plan-lint/runtime';
import { openBytes } from '@plan-lint/runtime/bytes';
import type { DecisionData } from '@plan-lint/runtime';
import type { JsonValue } from '@plan-lint/runtime/json';
import { importDocuments } from '../../plans/formats/index.ts';
import { bundleSource } from '../../bundles/source.ts';
import type { SourceOptions } from '../../bundles/source.ts';
import { choosePolicy } from '../../bundles/choose-policy.ts';
import { askedAt, parseContext } from '../context.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { planOrProblem, readBytes } from '../plan-input.ts';
import { unreadableDecision } from '../../decisions/record.ts';
import { resultsJson, resultsText } from '../text/results.ts';
import { waitingChecks } from '../text/waiting.ts';

export interface ValidateOptions extends SourceOptions {
  /** Paths of plans; `-` is standard input. */
  readonly plans: readonly string[];
  /** `key=value` pairs; values are JSON where they parse as such, text otherwise. */
  readonly context?: readonly string[];
  /** Default: the clock. */
  readonly now?: string;
  readonly format?: 'text' | 'json';
  /** `later`: checks of values that references stand for wait for the run of the plan. */
  readonly values?: 'now' | 'later';
  /** A check that waits is a finding. */
  readonly failOnPending?: boolean;
  /** `plan`, `auto`, or a format of another tool. */
  readonly planFormat?: string;
}

export function validate(options: ValidateOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const source = await bundleSource(options, io);
    const bundle = await loadBundle(source.module, source.sidecars, source.trust, source.load);
    const policy = choosePolicy(bundle, source.entry);
    const bytes = await openBytes(policy);
    const format = options.planFormat ?? 'plan';
    const context = parseContext(options.context ?? []);
    const now = askedAt(options.now, io);
    const values = options.values ?? 'now';
    const results = [];
    for (const path of options.plans) {
      const written = await readBytes(path, io);
      const scanned = format === 'plan' ? bytes.scanPlan(written, { context, now, values }) : null;
      if (scanned) {
        results.push({ path, decision: scanned.decision.toJSON() });
        continue;
      }
      const reading = planOrProblem(path, written, io, format);
      const decision = reading.ok
        ? policy.evaluate(reading.plan, { context, now, values }).toJSON()
        : { ...unreadableDecision(reading.problem, policy.entry), bundle: bundle.identity };
      if (reading.ok && format === 'plan') nameFormat(path, reading.plan, decision, io);
      results.push({ path, decision });
    }
    io.stdout(options.format === 'json' ? resultsJson(results) : resultsText(results, io.colour));
    const waiting = results.flatMap(({ path, decision }) => {
      const { length } = decision.pending ?? [];
      return length === 0 ? [] : [`note: ${path}: ${waitingChecks(length)} for the run of the plan\n`];
    });
    for (const note of waiting) io.stderr(note);
    const isFine = results.every(({ decision }) => decision.is_valid);
    return isFine && !(options.failOnPending && waiting.length > 0) ? EXIT.ok : EXIT.findings;
  });
}

/** A plan that is none may be of another format, and nobody would guess that it can be read. */
function nameFormat(path: string, plan: unknown, { violations }: DecisionData, io: Io): void {
  if (!violations.some(({ rule }) => rule === 'plan.shape')) return;
  const documents = Array.isArray(plan) ? (plan as readonly JsonValue[]) : [plan as JsonValue];
  const read = importDocuments(documents, 'auto');
  if (read.ok)
    io.stderr(`note: ${path}: it looks like \`${read.format}\`: \`--plan-format ${read.format}\` reads it\n`);
  else if (read.problem.code === 'format.prose') io.stderr(`note: ${path}: ${read.problem.message}\n`);
}
