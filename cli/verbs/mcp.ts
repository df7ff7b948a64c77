/** `plan-lint mcp`: a proxy before an MCP server. Its flags only; the work is in the package for agents. */
import type { McpCommandOptions } from '../commands/mcp.ts';
import { demandFlags } from './demand-flags.ts';
import { example, several, span } from './words.ts';
import type { Registrar } from './words.ts';

export function addMcp({ verb, io, done }: Registrar): void {
  demandFlags(verb('mcp', 'stand before an MCP server, and decide each call before it sees it'))
    .argument('[command...]', 'the server: a program and its arguments, behind --')
    .requiredOption('--bundle <file>', 'a signed bundle with the capability `session`: module or archive')
    .requiredOption('--trust <file>', 'the trust root that the bundle must satisfy')
    .option('--entry <name>', 'the policy to decide with (default: the default entry, or all)')
    .option('--context <key=value...>', 'what you vouch for: who is asking, role, environment')
    .option('--http <url>', 'the server is at this address instead')
    .option('--header <name=variable>', 'send this header with the value of an environment variable', several)
    .option('--catalog <file>', 'the tool catalog that the bundle was signed with, where it is no archive')
    .option('--unpinned', 'do not hold definitions of tools against the catalog')
    .option('--prefix <text>', 'what policies put before the names of its tools')
    .option('--ask-timeout <span>', 'how long a person may take to approve: 90m, 12h (default: 5m)', span)
    .option('--audit <file>', 'add a line for each decision')
    .option('--session <id>', 'names the session in the audit log (default: made up)')
    .addHelpText(
      'after',
      example('plan-lint mcp --bundle acme.mjs --trust trust.json -- npx mcp-server-filesystem /srv/data'),
    )
    .action(async (command: readonly string[], options: Omit<McpCommandOptions, 'command'>) =>
      done(await (await import('../commands/mcp.ts')).mcp({ ...options, command }, io)),
    );
}
