/** `plan-lint doctor`: looks at an installation. Its flags only; the work is in commands/. */
import type { DoctorOptions } from '../commands/doctor.ts';
import { demandFlags } from './demand-flags.ts';
import { example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function addDoctor({ verb, io, done }: Registrar): void {
  demandFlags(verb('doctor', 'look at an installation and say what is wrong with it'))
    .option('--trust <file>', 'the trust root')
    .option('--bundle <file>', 'the bundle, with --trust')
    .option('--state <file>', "a loader's memory: whether it takes the bundle")
    .option('--policy-dir <dir>', 'policies and their catalog (default: $PLAN_LINT_POLICY_PATH)')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example('plan-lint doctor --bundle acme.mjs --trust trust.json --name acme --state state.json'),
    )
    .action(async (options: DoctorOptions) =>
      done(await (await import('../commands/doctor.ts')).doctor(options, io)),
    );
}
