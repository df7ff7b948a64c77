/** Who asks and when, for verbs that decide plans. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { atLeastOne } from './words.ts';
import { FORMATS } from '../../plans/formats/index.ts';

export const whenFlag = (verb: Command): Command =>
  verb.option(
    '--now <instant>',
    'decide as at this instant: 2026-06-01, 2026-06-01T12:00:00Z (default: the clock)',
  );

/** What becomes of values that are not known before a plan runs. */
export const valuesOption = (): Option =>
  new Option(
    '--values <when>',
    'what references stand for: now counts against the plan, later waits for its run',
  )
    .choices(['now', 'later'])
    .default('now');

/** The same, and what a check that waits is worth. */
export const valuesFlags = (verb: Command): Command =>
  verb.addOption(valuesOption()).addOption(pendingOption());

/** What a check that waits is worth. */
export const pendingOption = (): Option => new Option('--fail-on-pending', 'exit 1 where a check waits');

/** For verbs that take many plans. */
export const recordFlags = (verb: Command): Command =>
  whenFlag(verb)
    .option(
      '--records',
      'each is a record {plan, context, now}, as a service logs it; --context and --now hold where it says nothing',
    )
    .option('--trajectories', 'each file holds the lines of one session, as `plan-lint session` reads them');

/** What plans are written in, where it is not ours. */
export const planFormatFlag = (verb: Command): Command =>
  verb.addOption(
    new Option(
      '--plan-format <format>',
      'what the plans are written in; auto takes the one format that is seen',
    )
      .choices(['plan', 'auto', ...FORMATS.map(({ name }) => name)])
      .default('plan'),
  );

/** How large a plan may be: what is larger is denied as `plan.limits` before any rule is asked. */
export const limitFlags = (verb: Command): Command =>
  verb
    .option('--max-steps <number>', 'deny plans of more steps (default: 10000)', atLeastOne)
    .option(
      '--max-depth <number>',
      'deny plans nested deeper, the plan itself being 1 (default: 64)',
      atLeastOne,
    )
    .option('--max-values <number>', 'deny plans of more values (default: 75000)', atLeastOne)
    .option('--max-dependencies <number>', 'deny plans with more of them (default: 50000)', atLeastOne)
    .option('--max-text <number>', 'deny plans with a longer text or key (default: 1048576)', atLeastOne);
