/** `plan-lint explain`: where a value comes from, why a plan is decided so. Its flags only; the work is in commands/. */
import type { ExplainOptions } from '../commands/explain.ts';
import { example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function addExplain({ verb, io, done }: Registrar): void {
  verb('explain', 'show the lines that led to a value, or why a plan is decided so')
    .argument('<target>', 'a rule, a setting, a parameter (params.limit), or a plan (*.json)')
    .option('--policy-dir <dir>', 'directory of the policies (default: $PLAN_LINT_POLICY_PATH)')
    .option('--entry <name>', 'the policy to ask (default: all)')
    .option('--context <key=value...>', 'what you vouch for, for a plan: role, environment')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint explain max_steps --policy-dir policies --entry finance',
        'plan-lint explain bounds.payments.transfer.amount --policy-dir policies',
        'plan-lint explain plan.json --policy-dir policies --context environment=production',
      ),
    )
    .action(async (target: string, options: Omit<ExplainOptions, 'target'>) =>
      done(await (await import('../commands/explain.ts')).explain({ ...options, target }, io)),
    );
}
