/** `plan-lint session` and `plan-lint replay`: calls one by one. Their flags only; the work is in commands/. */
import type { Command } from 'commander';
import type { ReplayOptions, SessionCommandOptions } from '../commands/session.ts';
import { example, format, json } from './words.ts';
import { limitFlags } from './circumstances.ts';
import { demandFlags } from './demand-flags.ts';
import type { Registrar } from './words.ts';

function sessionFlags(verb: Command): Command {
  return limitFlags(demandFlags(verb))
    .requiredOption('--bundle <file>', 'a signed bundle with the capability `session`: module or archive')
    .requiredOption('--trust <file>', 'the trust root that the bundle must satisfy')
    .option('--entry <name>', 'the policy to decide with (default: the default entry, or all)')
    .option('--now <instant>', 'the time for lines that say none (default: the clock)')
    .option('--seal-key <file>', 'a secret of 32 bytes or more that snapshots are sealed with')
    .option(
      '--trusted-store',
      'take up snapshots that are not sealed: nobody else writes where they are kept',
    );
}

export function addSession({ verb, io, done }: Registrar): void {
  sessionFlags(verb('session', 'decide calls one by one: a JSON object a line asks, a line answers'))
    .addHelpText('after', example('plan-lint session --bundle acme.mjs --trust trust.json < calls.jsonl'))
    .action(async (options: SessionCommandOptions) =>
      done(await (await import('../commands/session.ts')).session(options, io)),
    );
}

export function addReplay({ verb, io, done }: Registrar): void {
  sessionFlags(verb('replay', 'say what a session would have made of a trace, line by line'))
    .argument('<trace>', 'the lines of a session')
    .addOption(format())
    .addOption(json())
    .addHelpText('after', example('plan-lint replay calls.jsonl --bundle acme.mjs --trust trust.json'))
    .action(async (trace: string, options: Omit<ReplayOptions, 'trace'>) =>
      done(await (await import('../commands/session.ts')).replay({ ...options, trace }, io)),
    );
}
