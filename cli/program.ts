import { Argument, Command, CommanderError, Option } from 'commander';
import type { BundlePredicate } from '@plan-lint/runtime/contract';
import type { BundleCommandOptions } from './commands/bundle.ts';
import type { CompletionOptions } from './commands/completion.ts';
import type { KeygenOptions } from './commands/keygen.ts';
import type { ValidateOptions } from './commands/validate.ts';
import type { Rebuilt, VerifyCommandOptions } from './commands/verify.ts';
import { addTrustVerbs } from './trust-verbs.ts';
import { clashOf, clashText } from './verbs/clashes.ts';
import { EXIT } from './terminal/io.ts';
import type { Io } from './terminal/io.ts';
import { registerAuthoring } from './verbs/authoring.ts';
import { registerInheritance } from './verbs/inheritance.ts';
import { registerDeciding } from './verbs/deciding.ts';
import { count, example, format, json } from './verbs/words.ts';
import { VERSION } from './version.ts';

/**
 * Runs one command line.
 *
 * @param argv - the words after `plan-lint`
 * @returns the exit code: 0 fine, 1 findings, 2 wrong usage, 3 policies do not compile, 4 trust
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.ok;
  const program = commandLine(io, (result) => (code = result));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { reportFailures } = await import('./terminal/failure.ts');
    return reportFailures(io, () => {
      throw error;
    });
  }
}

/** A near miss in the words of every other hint. */
const asHint = (text: string): string =>
  text.replace(/\n\(Did you mean (one of )?(.*)\?\)/, (_, several: string | undefined, names: string) =>
    several === undefined
      ? `\n  hint: did you mean \`${names}\`?`
      : `\n  hint: did you mean one of ${names}?`,
  );

/**
 * The verbs and their flags. Commands load what they need when they run: `--version` reads none of it.
 *
 * @param done - takes the exit code of the command that ran
 */
export function commandLine(given: Io, done: (code: number) => void): Command {
  const io: Io & { cache?: string | false } = { ...given };
  const program = new Command('plan-lint')
    .description('Checks AI-agent plans against policies: compiles, signs, verifies and decides.')
    .version(VERSION)
    .configureOutput({
      writeOut: (text) => io.stdout(text),
      writeErr: (text) => io.stderr(text),
      outputError: (text, write) => write(asHint(text)),
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
  verb('keygen', 'make a signing key, its public half and a trust root that trusts it')
    .requiredOption('--out <dir>', 'directory for signer.key (mode 0600), signer.pub and trust.json')
    .addOption(
      new Option('--alg <algorithm>', 'kind of key').choices(['p256', 'ed25519', 'rsa']).default('p256'),
    )
    .option('--passphrase-env <variable>', 'encrypt the key with the passphrase in this variable')
    .option('--label <text>', 'whose key it is, for the trust root')
    .addOption(format())
    .addOption(json())
    .addHelpText('after', example('plan-lint keygen --out keys'))
    .action(async (options: KeygenOptions) =>
      done(await (await import('./commands/keygen.ts')).keygen(options, io)),
    );

  verb('bundle', 'compile policies into one signed module')
    .option('--policy-dir <dir>', 'directory of the policies (default: $PLAN_LINT_POLICY_PATH)')
    .requiredOption(
      '--output <file>',
      'FILE.mjs, with its signature in FILE.mjs.sigstore.json; or FILE.tar.gz with sources and all',
    )
    .option('--test-dir <dir>', 'tests that must pass; their report is bound by the signature')
    .option('--entry <name...>', 'policies to decide with (default: every file that nobody extends)')
    .option('--name <name>', 'name of the bundle (default: that of the directory)')
    .option('--release <label>', 'your label of this release (default: the sequence)')
    .option('--sequence <number>', 'grows with each release; a loader refuses to go back', count)
    .option('--audience <environment...>', 'environments that may load the bundle (default: any)')
    .option('--not-before <instant>', 'when it becomes valid')
    .option('--expires <instant>', 'when it stops being valid: 2027-01-31T00:00:00Z, 2027-01-31 or 90d')
    .option('--key <file...>', 'private keys to sign with, one signature each')
    .option('--passphrase-env <variable>', 'variable that holds the passphrase of the keys')
    .option('--sign-command <command>', 'shell command that signs standard input: a KMS, an HSM, openssl')
    .option('--public-key <file>', 'public key or certificate of whoever the command signs for')
    .option('--unsigned', 'write the module and FILE.mjs.statement.json, to be signed by `plan-lint sign`')
    .option('--single-file', 'put the signature into the last line of the module')
    .option('--source-map', 'write FILE.mjs.map, too: policy line of every rule; the signature covers it')
    .option('--force', 'replace files that exist')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint bundle --policy-dir policies --output acme.mjs --key keys/signer.key --sequence 1',
        'plan-lint bundle --policy-dir policies/ --output policy-bundle.tar.gz --key keys/signer.key',
      ),
    )
    .action(async (options: BundleCommandOptions) =>
      done(await (await import('./commands/bundle.ts')).bundle(options, io)),
    );

  verb('verify', 'say whether a bundle may be loaded, and what was signed about it')
    .argument('<file>', 'the module, a single-file bundle, or an archive')
    .requiredOption('--trust <file>', 'the trust root')
    .option('--audience <environment>', 'the environment it is to be used in')
    .option('--min-sequence <number>', 'refuse bundles older than this', count)
    .option('--signature <file...>', 'sidecars (default: those beside the module)')
    .option('--sources <dir>', 'compare the policies with the signed digests and build the module again')
    .addOption(format())
    .addOption(json())
    .addHelpText('after', example('plan-lint verify acme.mjs --trust trust.json --audience production'))
    .action(async (file: string, options: Omit<VerifyCommandOptions, 'file'>) => {
      const rebuild = async (directory: string, predicate: BundlePredicate): Promise<Rebuilt> => {
        const { compileDirectory } = await import('../bundles/compile-directory.ts');
        return (await compileDirectory(directory, predicate.entries, io, 'signing')).module;
      };
      const { verify } = await import('./commands/verify.ts');
      done(await verify({ ...options, file, now: io.now() }, io, { rebuild }));
    });

  verb('validate', 'decide plans')
    .argument('<plan...>', 'files of plans as JSON; - is standard input')
    .option('--bundle <file>', 'a signed bundle: module or archive')
    .option('--trust <file>', 'the trust root that the bundle must satisfy')
    .option('--audience <environment>', 'the environment the bundle is used in')
    .option(
      '--policy-dir <dir>',
      'while authoring: policies instead of a bundle (default: $PLAN_LINT_POLICY_PATH)',
    )
    .option('--entry <name>', 'the policy to decide with (default: the default entry, or all)')
    .option('--context <key=value...>', 'what you vouch for: who asks, role, environment')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint validate plan.json --bundle acme.mjs --trust trust.json --context role=analyst',
        'plan-lint validate plan.json --policy-dir policies',
      ),
    )
    .action(async (plans: readonly string[], options: Omit<ValidateOptions, 'plans'>) =>
      done(await (await import('./commands/validate.ts')).validate({ ...options, plans }, io)),
    );

  addTrustVerbs({ io, verb, done, count, example });
  registerInheritance({ verb, io, done });
  registerDeciding({ verb, io, done });
  registerAuthoring({ verb, io, done });
  verb('completion', 'print a script that completes verbs and flags in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', example('source <(plan-lint completion bash)'))
    .action(async (shell: CompletionOptions['shell']) => {
      const { shapesOf } = await import('./verbs/shape.ts');
      const { completion } = await import('./commands/completion.ts');
      done(await completion({ shell, verbs: shapesOf(program) }, io));
    });
  for (const each of program.commands) {
    if (!each.options.some(({ long }) => long === '--policy-dir')) continue;
    each
      .option(
        '--cache-dir <dir>',
        'where the compiler keeps what it has parsed (default: node_modules/.cache/plan-lint)',
      )
      .option('--no-cache', 'parse and compile everything anew');
  }
  return program;
}
