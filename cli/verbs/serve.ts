/** `plan-lint serve`: the validation service. Its flags only; the work is in the package of the service. */
import type { ServeCommandOptions } from '../commands/serve.ts';
import { example } from './words.ts';
import type { Registrar } from './words.ts';

export function addServe({ verb, io, done }: Registrar): void {
  verb('serve', 'answer agents over HTTP: the validation service')
    .option('--dev', 'on loopback, with a token that is printed, the audit log on standard output')
    .option('--config <file>', 'settings: plan-lint.service.yaml (default: $PLAN_LINT_CONFIG)')
    .option('--policy-dir <dir>', 'policies that nobody has signed (default: $PLAN_LINT_POLICY_PATH)')
    .option('--bundle <file>', 'a signed bundle, a directory of bundles, or an address')
    .option('--trust <file>', 'the trust root that bundles must satisfy')
    .option('--listen <address>', 'host:port')
    .option('--audit <file>', 'the audit log; - is standard output')
    .option('--print-config', 'print every setting and where it comes from')
    .option('--print-schema', 'print the JSON Schema of the settings')
    .addHelpText(
      'after',
      example(
        'plan-lint serve --dev --policy-dir policies',
        'plan-lint serve --config plan-lint.service.yaml',
      ),
    )
    .action(async (options: ServeCommandOptions) =>
      done(await (await import('../commands/serve.ts')).serve(options, io)),
    );
}
