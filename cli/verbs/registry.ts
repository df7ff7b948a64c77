/** `plan-lint publish` and `pull`: bundles by way of a registry. Their flags only; the work is in commands/. */
import type { Command } from 'commander';
import type { PublishCommandOptions } from '../commands/publish.ts';
import type { PullCommandOptions } from '../commands/pull.ts';
import { demandFlags } from './demand-flags.ts';
import { signerFlags } from './signer-flags.ts';
import { count, example, format, json, span } from './words.ts';
import type { Registrar } from './words.ts';

const registryFlags = (command: Command): Command =>
  command
    .requiredOption('--channel <name>', 'the channel: stable, finance/production/canary')
    .requiredOption('--trust <file>', 'the trust root, which says whose signature counts')
    .option('--token-env <variable>', 'variable that holds a token for the registry')
    .addOption(format())
    .addOption(json());

export function addPublish({ verb, io, done }: Registrar): void {
  signerFlags(demandFlags(registryFlags(verb('publish', 'make a bundle the current one of a channel'))))
    .argument('[file]', 'the bundle in one piece: an archive, or a single file')
    .requiredOption('--to <registry>', 'where: a directory, https://…, oci://registry/repository')
    .option('--life <span>', 'how long nobody has to publish again (default: 7d)', span)
    .option('--renew', 'sign the head anew, about the bundle that it names')
    .option('--sequence <number>', 'least number of the head, for a registry that has lost its heads', count)
    .addHelpText(
      'after',
      example(
        'plan-lint publish acme.tar.gz --to /srv/policies --channel stable --trust trust.json --key channel.key',
        'plan-lint publish --renew --to /srv/policies --channel stable --trust trust.json --key channel.key',
      ),
    )
    .action(async (file: string | undefined, options: Omit<PublishCommandOptions, 'file'>) =>
      done(
        await (
          await import('../commands/publish.ts')
        ).publish({ ...options, ...(file !== undefined && { file }) }, io),
      ),
    );
}

export function addPull({ verb, io, done }: Registrar): void {
  demandFlags(registryFlags(verb('pull', 'fetch the current bundle of a channel')))
    .requiredOption('--from <registry>', 'where: a directory, https://…, oci://registry/repository')
    .requiredOption('--output <file>', 'the bundle')
    .option('--state <file>', 'remembers the heads that were seen, so that none goes back')
    .option('--force', 'replace what is there')
    .option('--every <span>', 'pull again and again, replacing what is there, until told to end', span)
    .addHelpText(
      'after',
      example(
        'plan-lint pull --from https://policies.example --channel stable --trust trust.json --state channels.json --output acme.tar.gz',
      ),
    )
    .action(async (options: PullCommandOptions) =>
      done(await (await import('../commands/pull.ts')).pull(options, io)),
    );
}
