/** `plan-lint trust`: trust roots. Its flags only; the work is in commands/. */
import type { Command } from 'commander';
import type { TrustOptions } from '../commands/trust.ts';
import { signerFlags } from './signer-flags.ts';
import { atLeastOne, count, example, format, json, span } from './words.ts';
import type { Registrar } from './words.ts';

type TrustFlags<A extends TrustOptions['action']> = Omit<Extract<TrustOptions, { action: A }>, 'action'>;

export function addTrust({ io, verb, done }: Registrar): void {
  const parent = verb('trust', 'make, change, sign and show trust roots');
  const act = (options: TrustOptions): Promise<void> =>
    import('../commands/trust.ts').then(async ({ trust }) => done(await trust(options, io)));
  const action = (name: string, summary: string): Command =>
    verb(name, summary, parent).addOption(format()).addOption(json());
  const change = (name: string, summary: string): Command =>
    signerFlags(action(name, summary))
      .requiredOption('--trust <file>', 'the current trust root')
      .requiredOption('--output <file>', 'the next one; signatures are written beside it');
  action('init', 'make the first trust root')
    .requiredOption('--add <file...>', 'public keys or certificates that may sign bundles')
    .requiredOption('--output <file>', 'the trust root')
    .option('--root-key <file...>', 'keys that may sign the next trust root (default: the same)')
    .option('--root-threshold <number>', 'how many of them must (default: 1)', count)
    .option('--name <pattern...>', 'names of the bundles that they may sign; * stands for anything')
    .option('--any-name', 'let them sign every bundle')
    .option('--threshold <number>', 'how many keys must sign a bundle (default: 1)', count)
    .option('--audience <environment...>', 'environments that may load by this rule (default: any)')
    .option('--minimum-sequence <number>', 'refuse older bundles', count)
    .option('--expires <instant>', 'nothing loads by this root from then on: 2027-01-31, 90d, never')
    .option('--channel-key <file...>', 'keys that may say what is current in a channel of a registry')
    .option('--channel <pattern...>', 'with --channel-key: in which channels (default: all)')
    .option('--decision-key <file...>', 'keys that may sign decisions (receipts), and no bundle')
    .option('--executor <name...>', 'who may act on their decisions (default: anybody)')
    .option('--max-life <span>', 'how long a decision may hold (default: 15m)', span)
    .action((flags: TrustFlags<'init'>) => act({ ...flags, action: 'init' }));
  change('add', 'add a signer')
    .requiredOption('--add <file>', 'public key or certificate')
    .option('--label <text>', 'whose key it is')
    .option('--name <pattern...>', 'rules it may sign for, as they stand in the root (default: all)')
    .option('--root', 'let it sign the next trust root, and bundles only where --name says so')
    .option('--decisions', 'let it sign decisions (receipts) by the bundles of --name, and no bundle')
    .option('--executor <name...>', 'with --decisions: who may act on them (default: anybody)')
    .option('--max-life <span>', 'with --decisions: how long one may hold (default: 15m)', span)
    .option('--channel <pattern...>', 'let it say what is current in these channels, and sign no bundle')
    .option('--checkpoint <pattern...>', 'let it sign checkpoints of these audit logs, and no bundle')
    .option('--not-before <instant>', 'valid from')
    .option('--expires <instant>', 'valid until')
    .action((flags: TrustFlags<'add'>) => act({ ...flags, action: 'add' }));
  change('rotate', 'put a new key beside an old one; `revoke` the old one when all bundles are signed anew')
    .requiredOption(
      '--from <id>',
      'the old key: its public half (a file), its id, or the first 8 characters of that',
    )
    .requiredOption('--to <file>', 'new public key or certificate')
    .option('--label <text>', 'whose key it is (default: as the old one)')
    .action((flags: TrustFlags<'rotate'>) => act({ ...flags, action: 'rotate' }));
  change('revoke', 'mark a key revoked and take it out of every rule')
    .requiredOption(
      '--id <id>',
      'the key: its public half (a file), its id, or the first 8 characters of that',
    )
    .action((flags: TrustFlags<'revoke'>) => act({ ...flags, action: 'revoke', now: io.now() }));
  change('renew', 'let the same root be valid for longer')
    .requiredOption('--expires <instant>', 'until when: 2027-01-31, 90d, never')
    .action((flags: TrustFlags<'renew'>) => act({ ...flags, action: 'renew' }));
  change('set', 'change what a rule demands, or how many must sign the next root')
    .option('--rule <pattern>', 'the rule, as it stands in the root (default: the only one)')
    .option('--name <pattern...>', 'its bundles from now on; one pattern, or with --decisions several')
    .option(
      '--threshold <number>',
      'how many keys must sign a bundle, or with --decisions a decision',
      atLeastOne,
    )
    .option(
      '--decisions',
      'change a rule for decisions (receipts); --rule is one of the patterns of its bundles',
    )
    .option('--executor <name...>', 'with --decisions: who may act on them')
    .option('--max-life <span>', 'with --decisions: how long one may hold', span)
    .option('--minimum-sequence <number>', 'refuse older bundles', count)
    .option('--audience <environment...>', 'environments that may load by this rule')
    .option('--root-threshold <number>', 'how many must sign the next root', atLeastOne)
    .action((flags: TrustFlags<'set'>) => act({ ...flags, action: 'set' }));
  change('withdraw', 'withdraw one bundle: no loader takes it from then on')
    .requiredOption('--digest <sha256>', 'digest of its module, as `inspect` and `bundle` print it')
    .option('--reason <text>', 'why, for people')
    .action((flags: TrustFlags<'withdraw'>) => act({ ...flags, action: 'withdraw' }));
  action('update', 'check the signed step from one root to the next, as a loader does')
    .requiredOption('--trust <file>', 'the current trust root')
    .requiredOption('--next <file>', 'the next one, with its signatures beside it')
    .action((flags: TrustFlags<'update'>) => act({ ...flags, action: 'update', now: io.now() }));
  action('show', 'say who is trusted with what')
    .requiredOption('--trust <file>', 'the trust root')
    .action((flags: TrustFlags<'show'>) => act({ ...flags, action: 'show' }));
  parent.addHelpText(
    'after',
    example(
      'plan-lint trust init --add signer.pub --name "acme*" --audience production --output trust.json',
      'plan-lint trust show --trust trust.json',
      'plan-lint trust add --trust trust.json --add decision.pub --decisions --executor payments --output trust.2.json --key root.key',
      'plan-lint trust rotate --trust trust.json --from 3f9a0c12 --to new.pub --output trust.2.json --key root.key',
      'plan-lint trust update --trust trust.json --next trust.2.json',
      'plan-lint trust revoke --trust trust.2.json --id 3f9a0c12 --output trust.3.json --key root.key',
      'plan-lint trust renew --trust trust.3.json --expires 180d --output trust.4.json --key root.key',
      'plan-lint trust withdraw --trust trust.4.json --digest sha256:… --output trust.5.json --key root.key',
    ),
  );
}
