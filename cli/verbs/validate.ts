/** `plan-lint validate`: decides plans one names. Its flags only; the work is in commands/. */
import type { ValidateOptions } from '../commands/validate.ts';
import { example, format, json } from './words.ts';
import { demandFlags } from './demand-flags.ts';
import { limitFlags, planFormatFlag, valuesFlags, whenFlag } from './circumstances.ts';
import type { Registrar } from './words.ts';

export function addValidate({ verb, io, done }: Registrar): void {
  planFormatFlag(limitFlags(valuesFlags(whenFlag(demandFlags(verb('validate', 'decide plans'))))))
    .argument('<plan...>', 'files of plans as JSON; - is standard input')
    .option('--bundle <file>', 'a signed bundle: module or archive')
    .option('--trust <file>', 'the trust root that the bundle must satisfy')
    .option(
      '--policy-dir <dir>',
      'while authoring: policies instead of a bundle (default: $PLAN_LINT_POLICY_PATH)',
    )
    .option('--entry <name>', 'the policy to decide with (default: the default entry, or all)')
    .option('--context <key=value...>', 'what you vouch for: who asks, role, environment')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint validate plan.json --bundle acme.mjs --trust trust.json --context role=analyst',
        'plan-lint validate plan.json --policy-dir policies',
      ),
    )
    .action(async (plans: readonly string[], options: Omit<ValidateOptions, 'plans'>) =>
      done(await (await import('../commands/validate.ts')).validate({ ...options, plans }, io)),
    );
}
