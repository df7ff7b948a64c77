import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { BundlePredicate } from '@plan-lint/runtime/contract';
import type { BundleCommandOptions } from './commands/bundle.ts';
import type { DiffOptions } from './commands/diff.ts';
import type { ExplainOptions } from './commands/explain.ts';
import type { GraphOptions } from './commands/graph.ts';
import type { KeygenOptions } from './commands/keygen.ts';
import type { ValidateOptions } from './commands/validate.ts';
import type { VerifyCommandOptions } from './commands/verify.ts';
import { addTrustVerbs } from './trust-verbs.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { VERSION } from './version.ts';

/**
 * Runs one command line.
 *
 * @param argv - the words after `plan-lint`
 * @returns the exit code: 0 fine, 1 findings, 2 wrong usage, 3 policies do not compile, 4 trust
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.ok;
  const program = describe(io, (result) => (code = result));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}

function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('it must be a whole number from 0.');
  return value;
}

function example(...lines: readonly string[]): string {
  return `\nExample:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
}

/** Commands load what they need when they run: `--version` reads none of it. */
function describe(io: Io, done: (code: number) => void): Command {
  const program = new Command('plan-lint')
    .description('Checks AI-agent plans against policies: compiles, signs, verifies and decides.')
    .version(VERSION)
    .configureOutput({ writeOut: (text) => io.stdout(text), writeErr: (text) => io.stderr(text) })
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows the flags and an example)')
    .exitOverride();

  const verb = (name: string, summary: string, parent = program): Command =>
    parent.command(name).description(summary).copyInheritedSettings(program);
  const format = new Option('--format <format>', 'how to print the result')
    .choices(['text', 'json'])
    .default('text');

  verb('keygen', 'make a signing key, its public half and a trust root that trusts it')
    .requiredOption('--out <dir>', 'directory for signer.key (mode 0600), signer.pub and trust.json')
    .addOption(
      new Option('--alg <algorithm>', 'kind of key').choices(['p256', 'ed25519', 'rsa']).default('p256'),
    )
    .option('--passphrase-env <variable>', 'encrypt the key with the passphrase in this variable')
    .option('--label <text>', 'whose key it is, for the trust root')
    .addHelpText('after', example('plan-lint keygen --out keys'))
    .action(async (options: KeygenOptions) =>
      done(await (await import('./commands/keygen.ts')).keygen(options, io)),
    );

  verb('bundle', 'compile policies into one signed module')
    .requiredOption('--policy-dir <dir>', 'directory of the policies')
    .requiredOption('--output <file.mjs>', 'the module; its signature is written to FILE.mjs.sigstore.json')
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
    .option('--force', 'replace files that exist')
    .addHelpText(
      'after',
      example('plan-lint bundle --policy-dir policies --output acme.mjs --key keys/signer.key --sequence 1'),
    )
    .action(async (options: BundleCommandOptions) =>
      done(await (await import('./commands/bundle.ts')).bundle(options, io)),
    );

  verb('verify', 'say whether a bundle may be loaded, and what was signed about it')
    .argument('<file.mjs>', 'the module, or a single-file bundle')
    .requiredOption('--trust <file>', 'the trust root')
    .option('--audience <environment>', 'the environment it is to be used in')
    .option('--min-sequence <number>', 'refuse bundles older than this', count)
    .option('--signature <file...>', 'sidecars (default: those beside the module)')
    .option('--sources <dir>', 'compare the policies with the signed digests and build the module again')
    .addOption(format)
    .addHelpText('after', example('plan-lint verify acme.mjs --trust trust.json --audience production'))
    .action(async (file: string, options: Omit<VerifyCommandOptions, 'file'>) => {
      const rebuild = async (directory: string, predicate: BundlePredicate): Promise<Uint8Array> => {
        const { compileDirectory } = await import('./input.ts');
        return Buffer.from((await compileDirectory(directory, predicate.entries, io)).module.code);
      };
      const { verify } = await import('./commands/verify.ts');
      done(await verify({ ...options, file, now: io.now() }, io, { rebuild }));
    });

  verb('validate', 'decide plans')
    .argument('<plan...>', 'files of plans as JSON; - is standard input')
    .option('--bundle <file.mjs>', 'a signed bundle')
    .option('--trust <file>', 'the trust root that the bundle must satisfy')
    .option('--audience <environment>', 'the environment the bundle is used in')
    .option('--policy-dir <dir>', 'while authoring: policies instead of a bundle')
    .option('--entry <name>', 'the policy to decide with (default: the default entry, or all)')
    .option('--context <key=value...>', 'what you vouch for: who asks, role, environment')
    .addOption(format)
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
  verb('explain', 'show the lines that led to a value, or why a plan is decided so')
    .argument('<target>', 'a rule, a setting, a parameter (params.limit), or a plan (*.json)')
    .requiredOption('--policy-dir <dir>', 'directory of the policies')
    .option('--entry <name>', 'the policy to ask (default: all)')
    .option('--context <key=value...>', 'what you vouch for, for a plan: role, environment')
    .addOption(format)
    .addHelpText(
      'after',
      example(
        'plan-lint explain max_steps --policy-dir policies --entry finance',
        'plan-lint explain bounds.payments.transfer.amount --policy-dir policies',
        'plan-lint explain plan.json --policy-dir policies --context environment=production',
      ),
    )
    .action(async (target: string, options: Omit<ExplainOptions, 'target'>) =>
      done(await (await import('./commands/explain.ts')).explain({ ...options, target }, io)),
    );

  verb('graph', 'draw which policy extends which')
    .requiredOption('--policy-dir <dir>', 'directory of the policies')
    .addOption(
      new Option('--format <format>', 'Mermaid text or a picture')
        .choices(['mermaid', 'svg'])
        .default('mermaid'),
    )
    .addHelpText('after', example('plan-lint graph --policy-dir policies --format svg > policies.svg'))
    .action(async (options: GraphOptions) =>
      done(await (await import('./commands/graph.ts')).graph(options, io)),
    );

  verb('diff', 'say what got stricter or looser; exits 1 where anything may have got looser')
    .argument('<old>', 'the policy directory as it was, or with --plans-dir a bundle')
    .argument('<new>', 'the policy directory as it is, or with --plans-dir a bundle')
    .option('--entry <name>', 'the policy to compare (default: all)')
    .option('--plans-dir <dir>', 'plans as JSON; lists those decided differently')
    .option('--trust <file>', 'the trust root that bundles must satisfy')
    .option('--context <key=value...>', 'what you vouch for, for the plans')
    .addOption(format)
    .addHelpText('after', example('plan-lint diff main/policies policies --plans-dir plans'))
    .action(async (before: string, after: string, options: Omit<DiffOptions, 'before' | 'after'>) =>
      done(await (await import('./commands/diff.ts')).diff({ ...options, before, after }, io)),
    );

  return program;
}
