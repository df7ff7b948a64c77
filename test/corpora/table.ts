/**
 * `npm run corpora`: how many plans of each corpus are denied, with values now and later, and by which rules. With `--before DIR`,
 * a built checkout of an older release, the same plans, contexts and policies are decided by that, too.
 */
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type * as Signing from '../../compiler/6-sign/index.ts';
import type * as Compiler from '../../compiler/index.ts';
import type { Host } from '../../compiler/index.ts';
import type * as Runtime from '../../runtime/index.ts';
import type { Bundle } from '../../runtime/evaluate.ts';
import { bundleFrom } from '../support/decide.ts';
import { predicateOf } from '../support/signing.ts';
import { library, plansOf } from './corpora.ts';
import type { Plan } from './corpora.ts';
import { ofCustomer, ofPerson, withPayments } from './honest.ts';
import { refers, SEAL } from './seal.ts';

const sealFile = fileURLToPath(new URL('seal-tools.yaml', import.meta.url));
const sealFiles = { 'seal-tools.yaml': readFileSync(sealFile, 'utf8') };

interface Corpus {
  readonly file: string;
  /** An entry of the shipped library, or the policy beside this file. */
  readonly policy: string;
  readonly plan?: (plan: Plan) => Plan;
  readonly context: (plan: Plan) => object;
}

const CORPORA: readonly Corpus[] = [
  { file: 'tau-bench-retail-train.jsonl', policy: 'retail-customer-service', context: ofCustomer },
  { file: 'gnn4taskplan-tmdb.jsonl', policy: 'movie-catalog', context: () => ({}) },
  {
    file: 'gnn4taskplan-ultratool.jsonl',
    policy: 'personal-assistant',
    plan: withPayments,
    context: ofPerson,
  },
  { file: SEAL, policy: 'seal-tools', context: () => ({}) },
];

/** The library and the policy of Seal-Tools as bundles. */
interface Bundles {
  readonly shipped: Bundle;
  readonly seal: Bundle;
}

const ofThis = async (): Promise<Bundles> => ({
  shipped: await library(),
  seal: await bundleFrom(sealFiles),
});

/** The same by a built checkout of another release, by its own compiler, key and loader. */
async function ofCheckout(directory: string): Promise<Bundles> {
  const load = async <Module>(path: string): Promise<Module> =>
    (await import(pathToFileURL(join(resolve(directory), path)).href)) as Module;
  const compiler = await load<typeof Compiler & { readonly directoryHost: (path: string) => Host }>(
    'dist/compiler/index.js',
  );
  const signing = await load<typeof Signing>('dist/compiler/6-sign/index.js');
  const runtime = await load<typeof Runtime>('runtime/dist/index.js');
  const key = signing.generateKey('p256');
  const trust = signing.trustBytes(signing.firstTrust(signing.signerKey(key), 'corpora'));
  const bundleOf = async (host: Host): Promise<Bundle> => {
    const { result } = await compiler.compile(host);
    if (!result) throw new Error(`the policies do not compile in ${directory}`);
    const { entries, defaultEntry, code } = result.module;
    const versions = {
      format: runtime.FORMAT_VERSION,
      minimum_runtime: runtime.RUNTIME_VERSION,
      compiler: runtime.RUNTIME_VERSION,
    };
    const { issued, require_base, chains, names, zones, capabilities, ...predicate } = predicateOf({
      entries,
      default_entry: defaultEntry,
      ...versions,
    });
    const added = { issued, require_base, chains, names, zones, capabilities };
    const stated = runtime.FORMAT_VERSION < 2 ? predicate : { ...predicate, ...added };
    const signed = await signing.signBundle({
      moduleName: 'corpora.mjs',
      module: Buffer.from(code),
      predicate: stated as ReturnType<typeof predicateOf>,
      sourceMap: null,
      signers: [signing.keySigner(key)],
    });
    return runtime.loadBundle(Buffer.from(code), signed.sidecars, trust, {});
  };
  return {
    shipped: await bundleOf(compiler.directoryHost(join(resolve(directory), 'policies'))),
    seal: await bundleOf(compiler.memoryHost(sealFiles)),
  };
}

interface Answers {
  readonly denied: number;
  readonly pending: number;
  /** The rules that denied, with how many plans each. */
  readonly rules: ReadonlyMap<string, number>;
}

function answers(
  { shipped, seal }: Bundles,
  corpus: Corpus,
  plans: readonly Plan[],
  values: 'now' | 'later',
): Answers {
  const policy = corpus.policy === 'seal-tools' ? seal.policy() : shipped.policy(corpus.policy);
  const rules = new Map<string, number>();
  let [denied, pending] = [0, 0];
  for (const plan of plans) {
    const decision = policy.evaluate(plan, { context: corpus.context(plan), values });
    pending += values === 'later' ? decision.pending.length : 0;
    if (decision.valid) continue;
    denied += 1;
    for (const rule of new Set(
      decision.violations.filter(({ enforcement }) => enforcement === 'deny').map((each) => each.rule),
    ))
      rules.set(rule, (rules.get(rule) ?? 0) + 1);
  }
  return { denied, pending, rules };
}

/** The rules that deny most, `` `rule` (n) ``. */
function most(rules: ReadonlyMap<string, number>): string {
  const sorted = [...rules].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const shown = sorted.slice(0, 3).map(([rule, count]) => `\`${rule}\` (${count})`);
  const others = sorted.length - shown.length;
  return sorted.length === 0 ? '–' : `${shown.join(', ')}${others > 0 ? `, ${others} more` : ''}`;
}

/** The table of docs/corpora.md. */
export async function table(before: string | null): Promise<string> {
  const now = await ofThis();
  const old = before === null ? null : await ofCheckout(before);
  const head = [
    'Corpus',
    'Plans',
    'With references',
    ...(old ? ['Denied before'] : []),
    'Denied, values now',
    'Denied, values later',
    'Checks put off',
    'By, with values now',
  ];
  const rows = CORPORA.map((corpus) => {
    const plans = plansOf(corpus.file).map(corpus.plan ?? ((plan) => plan));
    const [asked, later] = [answers(now, corpus, plans, 'now'), answers(now, corpus, plans, 'later')];
    const earlier = old ? [answers(old, corpus, plans, 'now').denied] : [];
    return [
      corpus.file.replace('.jsonl', ''),
      plans.length,
      plans.filter(refers).length,
      ...earlier,
      asked.denied,
      later.denied,
      later.pending,
      most(asked.rules),
    ];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { before: { type: 'string' } } });
  console.log(await table(values.before ?? null));
}
