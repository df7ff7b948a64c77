/** `plan-lint catalog pull`: asks an MCP server for its tools. Its flags only. */
import type { CatalogPullOptions } from '../commands/catalog-pull.ts';
import { example, several, span } from './words.ts';
import type { Registrar } from './words.ts';

export function addCatalog({ verb, io, done }: Registrar): void {
  const catalog = verb('catalog', 'the tools that agents have').addHelpText(
    'after',
    example('plan-lint catalog pull --output policies/tools.json -- npx mcp-server-filesystem .'),
  );
  verb('pull', 'ask an MCP server for its tools, and write the catalog to review and sign', catalog)
    .argument('[command...]', 'the server: a program and its arguments, behind --')
    .option('--http <url>', 'the server is at this address instead')
    .option('--header <name=variable>', 'send this header with the value of an environment variable', several)
    .option('--output <file>', 'where the catalog goes (default: standard output)')
    .option('--force', 'replace the file, and say what has changed')
    .option('--prefix <text>', 'put this before the names of its tools, as policies do')
    .option('--timeout <span>', 'how long an answer may take (default: 1m)', span)
    .addHelpText(
      'after',
      example('plan-lint catalog pull --output policies/tools.json -- npx mcp-server-filesystem .'),
    )
    .action(async (command: readonly string[], options: Omit<CatalogPullOptions, 'command'>) =>
      done(await (await import('../commands/catalog-pull.ts')).catalogPull({ ...options, command }, io)),
    );
}
