import { Command, CommanderError } from 'commander';
import { EXIT } from './terminal/io.ts';
import type { Io } from './terminal/io.ts';
import { clashOf, clashText } from './verbs/clashes.ts';
import { VERBS } from './verbs/index.ts';
import { VERSION } from './version.ts';

/**
 * Runs one command line.
 *
 * @param argv - the words after `plan-lint`
 * @returns the exit code: 0 fine, 1 findings, 2 wrong usage, 3 policies do not compile, 4 trust
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.ok;
  const complaints: string[] = [];
  const program = commandLine(
    io,
    (result) => (code = result),
    (text) => complaints.push(text),
  );
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      const { withHint } = await import('./verbs/hints.ts');
      io.stderr(complaints.map(withHint).join(''));
      return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    }
    const { reportFailures } = await import('./terminal/failure.ts');
    return reportFailures(io, () => {
      throw error;
    });
  }
}

/**
 * The verbs and their flags. Commands load what they need when they run: `--version` reads none of it.
 *
 * @param done - takes the exit code of the command that ran
 * @param complain - takes what is wrong with the command line, before hints are added
 */
export function commandLine(
  given: Io,
  done: (code: number) => void,
  complain: (text: string) => void = (text) => given.stderr(text),
): Command {
  const io: Io & { cache?: string | false } = { ...given };
  const program = new Command('plan-lint')
    .description('Checks AI-agent plans against policies: compiles, signs, verifies and decides.')
    .version(VERSION)
    .configureOutput({
      writeOut: (text) => io.stdout(text),
      writeErr: complain,
      outputError: complain,
    })
    .showSuggestionAfterError()
    .showHelpAfterError('  hint: --help shows the flags and an example')
    .exitOverride()
    .hook('preAction', async (_, asked) => {
      const { cache, cacheDir } = asked.opts<{ cache?: boolean; cacheDir?: string }>();
      if (cache === false) io.cache = false;
      else if (cacheDir !== undefined) io.cache = cacheDir;
      const clash = clashOf(asked);
      if (!clash) return;
      const { UsageError } = await import('../bundles/failure.ts');
      throw new UsageError(clashText(clash), clash.hint);
    });

  const verb = (name: string, summary: string, parent = program): Command =>
    parent.command(name).description(summary).copyInheritedSettings(program);
  for (const add of VERBS) add({ verb, io, done, program });
  for (const each of program.commands) {
    // The service compiles in a thread, and keeps nothing; others move files.
    if (
      ['serve', 'vendor', 'backup', 'restore'].includes(each.name()) ||
      !each.options.some(({ long }) => long === '--policy-dir')
    )
      continue;
    each
      .option(
        '--cache-dir <dir>',
        'where the compiler keeps what it has parsed (default: node_modules/.cache/plan-lint)',
      )
      .option('--no-cache', 'parse and compile everything anew');
  }
  return program;
}
