/** `plan-lint publish`: a bundle becomes the current one of a channel. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { SINGLE_FILE_MARKER } from '@plan-lint/runtime/contract';
import { isChannelName } from '@plan-lint/runtime/tools';
import { readCapped } from '../../bundles/capped.ts';
import { isArchive } from '../../bundles/files.ts';
import { UsageError } from '../../bundles/failure.ts';
import { DAY } from '../../bundles/instant.ts';
import { openRegistry, type RegistryOptions } from '../../bundles/registry/open.ts';
import { publish as publishTo, type PublishInput } from '../../bundles/registry/publish.ts';
import { loadDemands, type Demands } from '../../bundles/source.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { publishedJson, publishedText } from '../text/registry.ts';
import type { PrintFormat } from '../text/written.ts';
import { signersFrom, type SignerOptions } from '../trust/signers.ts';

export interface PublishCommandOptions extends Demands, SignerOptions, RegistryOptions {
  /** An archive, or a single file; left out with `renew`. */
  readonly file?: string;
  readonly to: string;
  readonly channel: string;
  readonly trust: string;
  /** How long the head holds, milliseconds; default 7 days. */
  readonly life?: number;
  readonly sequence?: number;
  readonly renew?: boolean;
  readonly format?: PrintFormat;
}

/** @throws UsageError for a name that no channel has */
export function requireChannel(channel: string): void {
  if (!isChannelName(channel))
    throw new UsageError(
      `\`${channel}\` is no name of a channel`,
      'letters, digits, `-`, `_` and single dots, divided by `/`: finance/production/stable',
    );
}

/** A bundle in one piece, so that module and signatures are of one release. @throws UsageError */
async function readWhole(file: string, io: Io): Promise<NonNullable<PublishInput['file']>> {
  const content = await readCapped(resolve(io.cwd, file), 'module_too_large');
  if (!isArchive(file) && !content.includes(`\n${SINGLE_FILE_MARKER}`))
    throw new UsageError(
      `\`${file}\` is published with its signatures in it, and it has none`,
      'write one file: plan-lint bundle --output acme.tar.gz, or --single-file',
    );
  return { name: basename(file), content };
}

/** The file to publish; `null` where the head is renewed. @throws UsageError */
async function fileOf({ file, renew = false }: PublishCommandOptions, io: Io): Promise<PublishInput['file']> {
  if (renew === (file === undefined)) return file === undefined ? null : readWhole(file, io);
  throw new UsageError(
    renew ? '--renew is about the bundle that the channel names' : 'publish what?',
    renew ? 'leave the file out' : 'name an archive or a single file; --renew signs the head anew',
  );
}

export function publish(options: PublishCommandOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { to, channel, trust, life = 7 * DAY, sequence = 0 } = options;
    requireChannel(channel);
    const file = await fileOf(options, io);
    const store = await openRegistry(to, options, io);
    const now = io.now();
    const published = await publishTo(store, {
      channel,
      file,
      trust: await readFile(resolve(io.cwd, trust)),
      load: { ...loadDemands(options), now },
      signers: await signersFrom(options, io),
      life,
      sequence,
      now,
    });
    io.stdout(options.format === 'json' ? publishedJson(published) : publishedText(published, store.name));
    return EXIT.ok;
  });
}
