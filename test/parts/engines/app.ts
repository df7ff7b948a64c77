/** A program as a user has it: the runtime installed under `node_modules`, a bundle beside it, and the questions of `probe.mjs`. */
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { compile, memoryHost } from '../../../compiler/index.ts';
import {
  firstTrust,
  generateKey,
  keySigner,
  signBundle,
  signerKey,
  trustBytes,
  type KeyKind,
} from '../../../compiler/6-sign/index.ts';
import { NOW, predicateOf } from '../../support/signing.ts';
import { envelopeCases } from '../../tamper/envelope-cases.ts';
import type { Hostile } from '../../tamper/hostile.ts';
import { keyCases } from '../../tamper/key-cases.ts';
import { trustCases } from '../../tamper/trust-cases.ts';

const KINDS: readonly KeyKind[] = ['p256', 'ed25519', 'rsa'];
/** What one artifact may weigh, so that the corpus stays small enough to be a module. */
const MAX_BYTES = 20_000;
const PLAIN_OPTIONS = ['now', 'name', 'audience', 'minSequence', 'maxAge', 'closure'];

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');

/** What every engine can be handed: bytes, and options that are data. */
function* portable(cases: readonly Hostile[]): Generator<readonly unknown[]> {
  for (const { name, expect, module, signatures, trust, options } of cases) {
    const weight = [module, trust, ...(signatures ?? [])].reduce((sum, each) => sum + each.length, 0);
    const isPlain = Object.entries(options).every(
      ([key, value]) => PLAIN_OPTIONS.includes(key) && (typeof value !== 'number' || Number.isFinite(value)),
    );
    if (weight <= MAX_BYTES && isPlain)
      yield [name, expect, base64(module), signatures?.map(base64) ?? null, base64(trust), options];
  }
}

async function moduleOf(limit: number): Promise<{ code: string; entries: readonly string[] }> {
  const policy = `allow_tools: [accounts.lookup, payments.*]\nbounds: { payments.transfer.amount: [0.01, ${limit}] }\n`;
  const { result } = await compile(memoryHost({ 'payments.yaml': policy }));
  if (!result) throw new Error('it does not compile');
  return result.module;
}

/** Names whose meaning a module could take from its surroundings, if it had a free name. */
const SHADOWS = 'const NaN=1,TypeError=0,Math=0,Object=0,Array=0,String=0,Number=0,JSON=0,Map=0,RegExp=0;\n';

/**
 * Writes the program into a directory.
 *
 * @param house - root of a built clone of this project
 * @returns how many artifacts of the corpus each engine is asked about
 */
export async function writeApp(directory: string, house: string): Promise<number> {
  const [good, other] = [await moduleOf(10_000), await moduleOf(1_000_000)];
  const keys = KINDS.map((kind) => generateKey(kind));
  const sign = async (code: string, key: (typeof keys)[number], name: string): Promise<string> => {
    const predicate = predicateOf({ name, entries: good.entries, sources: [] });
    const signers = [keySigner(key)];
    const { sidecars } = await signBundle({
      moduleName: 'acme.mjs',
      module: Buffer.from(code),
      predicate,
      signers,
    });
    return base64(sidecars[0] ?? '');
  };
  const algorithms: Record<string, object> = {};
  for (const [i, key] of keys.entries())
    algorithms[KINDS[i] ?? ''] = {
      sidecar: await sign(good.code, key, 'acme'),
      trust: Buffer.from(trustBytes(firstTrust(signerKey(key), 'engines'))).toString(),
    };
  const [first = generateKey('p256')] = keys;
  const modules = {
    good: good.code,
    tampered: good.code.replace('[0.01,10000]', '[0.01,99999]'),
    reprinted: (await transform(good.code, { format: 'esm', minify: true })).code,
    shadowed: SHADOWS + good.code,
    swapped: other.code,
  };
  const texts = Object.values(modules);
  if (new Set(texts).size < texts.length) throw new Error('two of the modules are the same');
  const corpus = [...(await envelopeCases()), ...(await keyCases()), ...trustCases()];
  const cases = [...portable(corpus)];
  const plan = (amount: number): object => ({
    steps: [{ id: 's1', tool: 'payments.transfer', args: { amount } }],
  });
  const data = {
    now: NOW,
    name: 'acme',
    algorithms,
    modules: Object.fromEntries(Object.entries(modules).map(([kind, text]) => [kind, base64(text)])),
    swappedSidecar: await sign(other.code, first, 'acme-sandbox'),
    good: plan(5),
    bad: plan(50_000),
    corpus: cases,
  };

  const installed = join(directory, 'node_modules/@plan-lint/runtime');
  mkdirSync(installed, { recursive: true });
  cpSync(join(house, 'runtime/dist'), join(installed, 'dist'), { recursive: true });
  copyFileSync(join(house, 'runtime/package.json'), join(installed, 'package.json'));
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  for (const [kind, text] of Object.entries(modules)) write(`${kind}.mjs`, text);
  copyFileSync(join(import.meta.dirname, 'probe.mjs'), join(directory, 'probe.mjs'));
  write('package.json', '{ "name": "program", "type": "module", "private": true }\n');
  write('data.mjs', `export default ${JSON.stringify(data)};\n`);

  const namespaces = ['good', 'tampered', 'reprinted', 'shadowed'];
  const imports = namespaces.map((kind) => `import * as ${kind} from './${kind}.mjs';\n`).join('');
  const head = `import * as runtime from '@plan-lint/runtime';
import { adoptBundle } from '@plan-lint/runtime/adopt';
import { probe } from './probe.mjs';
import data from './data.mjs';
${imports}`;
  const imported = `imported: { ${namespaces.join(', ')} }`;
  const onNode = `import { loadBundle as loadByVm } from '@plan-lint/runtime/node';\n`;
  const asked = `await probe({ runtime, adoptBundle, loadByVm, ${imported} }, data)`;
  const told = `console.log('RESULT ' + JSON.stringify(${asked}));\n`;
  write('main.mjs', head + onNode + told);
  // What a build tool makes of the module, in the place of what esbuild made of it.
  const packed = head.replace('./reprinted.mjs', './good.mjs?packed') + onNode + told;
  write('packed.mjs', packed.replace('./good.mjs?packed', './inside.mjs'));
  write('inside.mjs', good.code);
  write('web.mjs', `${head}export const run = () => probe({ runtime, adoptBundle, ${imported} }, data);\n`);
  write(
    'engine.spec.mjs',
    `${head + onNode}test('it', async () => { process.stdout.write('RESULT ' + JSON.stringify(${asked}) + '\\n'); });\n`,
  );
  write(
    'main.cjs',
    `const runtime = require('@plan-lint/runtime');
const { adoptBundle } = require('@plan-lint/runtime/adopt');
const { loadBundle: loadByVm } = require('@plan-lint/runtime/node');
const { probe } = require('./probe.mjs');
const { default: data } = require('./data.mjs');
const [${namespaces.join(', ')}] = ${JSON.stringify(namespaces)}.map((kind) => require(\`./\${kind}.mjs\`));
(async () => { ${told.trim()} })();
`,
  );
  return cases.length;
}
