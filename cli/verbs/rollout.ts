/** `plan-lint rollout`: canaries and shadows of validators that run. Its flags only; the work is in commands/. */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { RolloutOptions, RolloutStartOptions } from '../commands/rollout.ts';
import { example, percent } from './words.ts';
import type { Registrar } from './words.ts';

const START =
  'plan-lint rollout start acme --bundle acme.tar.gz --percent 5 --url https://validator.example --token-env TOKEN';
const PROMOTE = 'plan-lint rollout promote acme --url https://validator.example --token-env TOKEN';

const fleet = (verb: Command): Command =>
  verb
    .argument('<name>', 'name of the bundle')
    .requiredOption('--url <address...>', 'the validators, each: https://validator-1.example')
    .requiredOption('--token-env <variable>', 'variable that holds a token with `apply_policy`');

export function addRollout({ verb, io, done }: Registrar): void {
  const parent = verb(
    'rollout',
    'try a bundle beside the one that decides, in validators that run',
  ).addHelpText('after', example(START, PROMOTE));
  fleet(verb('start', 'begin a canary or a shadow', parent))
    .requiredOption('--bundle <file>', 'the bundle in one piece: an archive, or a single file')
    .addOption(
      new Option('--lane <lane>', 'a canary answers some, a shadow nobody').choices(['canary', 'shadow']),
    )
    .option('--percent <number>', 'of whom it is asked (default: 5 of a canary, 100 of a shadow)', percent)
    .option('--team <name...>', 'only of these teams')
    .addOption(new Option('--sticky <by>', 'the same answer for the same').choices(['plan_id', 'user']))
    .addHelpText('after', example(START))
    .action(async (name: string, options: Omit<RolloutStartOptions, 'name'>) =>
      done(await (await import('../commands/rollout.ts')).rolloutStart({ ...options, name }, io)),
    );
  const steps = [
    ['status', 'say how it stands, and in what it differs'],
    ['promote', 'the canary, or the shadow, decides for everybody'],
    ['rollback', 'the canary, or the shadow, is asked no more'],
  ] as const;
  for (const [step, summary] of steps)
    fleet(verb(step, summary, parent))
      .addHelpText('after', example(PROMOTE.replace('promote', step)))
      .action(async (name: string, options: Omit<RolloutOptions, 'name'>) =>
        done(await (await import('../commands/rollout.ts')).rollout(step, { ...options, name }, io)),
      );
}
