/** `plan-lint graph`: which policy extends which. Its flags only; the work is in commands/. */
import type { GraphOptions } from '../commands/graph.ts';
import { example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function addGraph({ verb, io, done }: Registrar): void {
  verb('graph', 'draw which policy extends which')
    .option('--policy-dir <dir>', 'directory of the policies (default: $PLAN_LINT_POLICY_PATH)')
    .addOption(format('mermaid', 'svg', 'json'))
    .addOption(json())
    .addHelpText('after', example('plan-lint graph --policy-dir policies --format svg > policies.svg'))
    .action(async (options: GraphOptions) =>
      done(await (await import('../commands/graph.ts')).graph(options, io)),
    );
}
