/** `plan-lint receipt`: proof of what was decided. Its flags only; the work is in commands/. */
import type { Command } from 'commander';
import type { ReceiptCreateOptions } from '../commands/receipt-create.ts';
import type { ReceiptRecomputeOptions } from '../commands/receipt-recompute.ts';
import type { ReceiptVerifyOptions } from '../commands/receipt-verify.ts';
import { valuesOption } from './circumstances.ts';
import { demandFlags } from './demand-flags.ts';
import { signerFlags } from './signer-flags.ts';
import { example, format, json, span } from './words.ts';
import type { Registrar } from './words.ts';

const CREATE =
  'plan-lint receipt create plan.json --bundle acme.mjs --trust trust.json --executor payments --key decision.key';
const VERIFY = 'plan-lint receipt verify plan.jcs --bundle acme.mjs --trust trust.json --executor payments';
const RECOMPUTE = 'plan-lint receipt recompute plan.jcs --bundle acme.mjs --trust trust.json';

const receiptFlag = ['--receipt <file...>', 'its signatures (default: those beside the plan)'] as const;

function addCreate(verb: Command, { io, done }: Registrar): void {
  signerFlags(demandFlags(verb))
    .argument('<plan>', 'file of the plan as JSON; - is standard input')
    .requiredOption('--bundle <file>', 'the signed bundle that decides: module or archive')
    .requiredOption('--trust <file>', 'the trust root, which says who may decide')
    .requiredOption('--executor <name>', 'who may act on the receipt: its audience')
    .option('--entry <name>', 'the policy to decide with (default: the default entry, or all)')
    .option('--context <key=value...>', 'what you vouch for: who asks, role, environment')
    .addOption(valuesOption())
    .option('--life <span>', 'how long it holds (default: 5m, or what the trust root allows)', span)
    .option('--run <id>', 'which run of the plan it is for')
    .option('--approved-by <name...>', 'who has approved this very plan')
    .option('--approval-method <text>', 'how they were asked (default: cli)')
    .option(
      '--output <file>',
      'the plan as canonical JSON; the receipt is written beside it (default: PLAN.jcs)',
    )
    .option('--force', 'replace what is there')
    .addOption(format())
    .addOption(json())
    .addHelpText('after', example(CREATE))
    .action(async (plan: string, options: Omit<ReceiptCreateOptions, 'plan'>) =>
      done(await (await import('../commands/receipt-create.ts')).receiptCreate({ ...options, plan }, io)),
    );
}

function addVerify(verb: Command, { io, done }: Registrar): void {
  demandFlags(verb)
    .argument('<plan>', 'file of the plan that is to run: plan.jcs, or the plan as it is')
    .requiredOption('--trust <file>', 'the trust root')
    .requiredOption('--executor <name>', 'who is about to act')
    .option(...receiptFlag)
    .option('--bundle <file>', 'the bundle in use, which must have decided')
    .option('--bundle-digest <sha256...>', 'or digests of the bundles whose decisions count')
    .option('--entry <name>', 'the entry that must have decided (default: that of the bundle, or all)')
    .option('--context-file <file>', 'hold it against the context that was kept: plan.context.json')
    .option('--in-run', 'the plan runs where the checks that wait for values are asked')
    .option('--now <instant>', 'verify as at this instant (default: the clock)')
    .addOption(format())
    .addOption(json())
    .addHelpText('after', example(VERIFY))
    .action(async (plan: string, options: Omit<ReceiptVerifyOptions, 'plan'>) =>
      done(await (await import('../commands/receipt-verify.ts')).receiptVerify({ ...options, plan }, io)),
    );
}

function addRecompute(verb: Command, { io, done }: Registrar): void {
  demandFlags(verb)
    .argument('<plan>', 'file of the plan that was decided')
    .requiredOption('--bundle <file>', 'the signed bundle that decided')
    .requiredOption('--trust <file>', 'the trust root')
    .option(...receiptFlag)
    .option('--context-file <file>', 'the context that was kept (default: PLAN.context.json)')
    .addOption(format())
    .addOption(json())
    .addHelpText('after', example(RECOMPUTE))
    .action(async (plan: string, options: Omit<ReceiptRecomputeOptions, 'plan'>) =>
      done(
        await (await import('../commands/receipt-recompute.ts')).receiptRecompute({ ...options, plan }, io),
      ),
    );
}

export function addReceipt(registrar: Registrar): void {
  const { verb } = registrar;
  const parent = verb('receipt', 'prove what was decided: signed receipts of decisions').addHelpText(
    'after',
    example(CREATE, VERIFY),
  );
  addCreate(verb('create', 'decide a plan, and sign what was decided', parent), registrar);
  addVerify(verb('verify', 'say whether a plan may run by a receipt', parent), registrar);
  addRecompute(verb('recompute', 'decide the plan again and compare', parent), registrar);
}
