/** `plan-lint explain`: where a value comes from, why a plan is decided so. Its flags only; the work is in commands/. */
import type { ExplainOptions } from '../commands/explain.ts';
import { example, format, json } from './words.ts';
import { limitFlags, whenFlag } from './circumstances.ts';
import { demandFlags } from './demand-flags.ts';
import type { Registrar } from './words.ts';

export function addExplain({ verb, io, done }: Registrar): void {
  const explain = verb('explain', 'show the lines that led to a value, or why a plan is decided so');
  limitFlags(whenFlag(demandFlags(explain)))
    .argument('[target]', 'a rule, a setting, a parameter (params.limit), or plans (*.json, *.jsonl)')
    .option('--rules-for <tool>', 'list the rules that may fire for a tool, in place of a target')
    .option('--policy-dir <dir>', 'directory of the policies (default: $PLAN_LINT_POLICY_PATH)')
    .option('--bundle <file>', 'for plans: the signed bundle that decides; --policy-dir are its sources then')
    .option('--trust <file>', 'the trust root that the bundle must satisfy')
    .option('--entry <name>', 'the policy to ask (default: all)')
    .option('--context <key=value...>', 'what you vouch for, for a plan: role, environment')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint explain max_steps --policy-dir policies --entry finance',
        'plan-lint explain bounds.payments.transfer.amount --policy-dir policies',
        'plan-lint explain --rules-for payments.transfer --policy-dir policies',
        'plan-lint explain plan.json --policy-dir policies --context environment=production',
        'plan-lint explain plan.json --bundle acme.mjs --trust trust.json --policy-dir policies',
      ),
    )
    .action(async (target: string | undefined, options: Omit<ExplainOptions, 'target'>) =>
      done(
        await (
          await import('../commands/explain.ts')
        ).explain({ ...options, ...(target !== undefined && { target }) }, io),
      ),
    );
}
