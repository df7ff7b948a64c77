/** `plan-lint verify`: whether a bundle may be loaded. Its flags only; the work is in commands/. */
import type { VerifyCommandOptions } from '../commands/verify.ts';
import { example, format, json } from './words.ts';
import { demandFlags } from './demand-flags.ts';
import { rebuilding } from './rebuilding.ts';
import type { Registrar } from './words.ts';

export function addVerify({ verb, io, done }: Registrar): void {
  demandFlags(verb('verify', 'say whether a bundle may be loaded, and what was signed about it'))
    .argument('<file>', 'the module, a single-file bundle, or an archive')
    .option('--trust <file>', 'the trust root (needed, but with --pss)')
    .option('--signature <file...>', 'sidecars (default: those beside the module)')
    .option('--state <file>', "hold it against a loader's memory, too (sequence, trust root, clock)")
    .option('--accept-clock', 'take the clock as it is, and write this bundle into that memory')
    .option('--sources <dir>', 'compare the policies with the signed digests and build the module again')
    .option('--require-provenance', 'refuse a bundle without SLSA provenance that verifies')
    .option('--pss', 'check FILE.sig, the raw RSA-PSS signature of earlier Python deployments, instead')
    .option('--public-key <file>', 'with --pss: the RSA key that signed')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint verify acme.mjs --trust trust.json --name acme --audience production',
        'plan-lint verify acme.mjs --pss --public-key signer.pub',
      ),
    )
    .action(async (file: string, options: Omit<VerifyCommandOptions, 'file'>) => {
      const { verify } = await import('../commands/verify.ts');
      done(await verify({ ...options, file, now: io.now() }, io, rebuilding(io)));
    });
}
