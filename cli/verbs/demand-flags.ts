/** What may be demanded of a signed bundle beside its signature: the same flags wherever one is used. */
import type { Command } from 'commander';
import { count, span } from './words.ts';

export function demandFlags(verb: Command): Command {
  return verb
    .option('--audience <environment>', 'the environment the bundle is used in')
    .option('--name <name>', 'the name that the bundle must have')
    .option('--min-sequence <number>', 'refuse bundles older than this', count)
    .option('--max-age <span>', 'refuse bundles issued longer ago: 90d, 12h, 30m', span)
    .option(
      '--require-base <file...>',
      'refuse bundles whose entries do not all stand on FILE, or on FILE#sha256=<hex>',
    );
}
