/** The verbs that show what inheritance makes of policies. */
import type { DiffOptions } from '../commands/diff.ts';
import type { ExplainOptions } from '../commands/explain.ts';
import type { GraphOptions } from '../commands/graph.ts';
import { example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function registerInheritance({ verb, io, done }: Registrar): void {
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

  verb('graph', 'draw which policy extends which')
    .option('--policy-dir <dir>', 'directory of the policies (default: $PLAN_LINT_POLICY_PATH)')
    .addOption(format('mermaid', 'svg', 'json'))
    .addOption(json())
    .addHelpText('after', example('plan-lint graph --policy-dir policies --format svg > policies.svg'))
    .action(async (options: GraphOptions) =>
      done(await (await import('../commands/graph.ts')).graph(options, io)),
    );

  verb('diff', 'say what got stricter or looser; exits 1 where anything may have got looser')
    .argument('<old>', 'the policy directory as it was, or a bundle: archive or module')
    .argument('<new>', 'the policy directory as it is, or a bundle')
    .option('--entry <name>', 'the policy to compare (default: all)')
    .option('--plans-dir <dir>', 'plans as JSON; lists those decided differently')
    .option('--trust <file>', 'the trust root that bundles must satisfy')
    .option('--context <key=value...>', 'what you vouch for, for the plans')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint diff main/policies policies --plans-dir plans',
        'plan-lint diff acme-41.tar.gz policies --trust trust.json',
      ),
    )
    .action(async (before: string, after: string, options: Omit<DiffOptions, 'before' | 'after'>) =>
      done(await (await import('../commands/diff.ts')).diff({ ...options, before, after }, io)),
    );
}
