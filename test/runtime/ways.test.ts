/** The ways from verified text to a module: `vm` on Node, and adoption of what a host has imported. */
import { beforeAll, describe, expect, it } from 'vitest';
import { adoptBundle } from '@plan-lint/runtime/adopt';
import { loadBundle } from '@plan-lint/runtime/node';
import { compile, memoryHost } from '../../compiler/index.ts';
import { firstTrust, keySigner, signBundle, signerKey, trustBytes } from '../../compiler/6-sign/index.ts';
import { NOW, predicateOf, sharedKey, verdict } from '../support/signing.ts';

const trust = trustBytes(firstTrust(signerKey(sharedKey)));
const plan = (amount: number): object => ({ steps: [{ id: 's', tool: 'pay', args: { amount } }] });

interface Made {
  readonly text: string;
  readonly module: Uint8Array;
  readonly sidecars: readonly Uint8Array[];
}
let made: Made;

beforeAll(async () => {
  const policy = 'rules: [{rule: r, pattern: {tool: pay, operation: amount_gt, value: 10}}]';
  const { result } = await compile(memoryHost({ 'p.yaml': policy }));
  if (!result) throw new Error('it does not compile');
  const module = Buffer.from(result.module.code);
  const predicate = predicateOf({
    entries: result.module.entries,
    default_entry: result.module.defaultEntry,
  });
  const { sidecars } = await signBundle({
    moduleName: 'acme.mjs',
    module,
    predicate,
    signers: [keySigner(sharedKey)],
  });
  made = { text: result.module.code, module, sidecars };
});

/** The namespace of a text, as a host that imports it has it. */
const imported = async (text: string): Promise<{ readonly default: unknown }> =>
  (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as { readonly default: unknown };

describe('vm', () => {
  it('decides as the import way does', async () => {
    const bundle = await loadBundle(made.module, made.sidecars, trust, { now: NOW });
    expect(bundle.policy().allows(plan(10))).toBe(true);
    expect(bundle.policy().evaluate(plan(11)).status).toBe('deny');
  });

  it('runs strict code, as modules are', async () => {
    const { runInThisContext } = await import('node:vm');
    expect(runInThisContext('(function(){return this===undefined})')).toBeTypeOf('function');
    // The factory of a module: a sloppy one could assign to a name that is not there.
    const module = Buffer.from(
      '// plan-lint policies, format 2\nexport default(function(){nowhere=1;return{}});\n',
    );
    const { sidecars } = await signBundle({
      moduleName: 'acme.mjs',
      module,
      predicate: predicateOf(),
      signers: [keySigner(sharedKey)],
    });
    expect(await verdict(loadBundle(module, sidecars, trust, { now: NOW }))).toBe('module_malformed');
    expect('nowhere' in globalThis).toBe(false);
  });
});

describe('adoption', () => {
  it('takes the module whose text was signed', async () => {
    const bundle = await adoptBundle(await imported(made.text), made.sidecars, trust, { now: NOW });
    expect(bundle.policy().allows(plan(10))).toBe(true);
    expect(bundle.policy().evaluate(plan(11)).status).toBe('deny');
  });

  it.each([
    ['a changed limit', (text: string) => text.replace('10', '99')],
    ['a module printed anew', (text: string) => text.replace('function(', 'function (')],
    [
      'a default that wraps it',
      (text: string) => text.replace('export default(', 'export default(a=>(').replace(/\);\n$/, ')(a));\n'),
    ],
    [
      'a method that says it is another text',
      (text: string) =>
        text
          .replace(/\);\n$/, ');\n')
          .replace('export default(', 'export default Object.assign((()=>0),{toString:()=>')
          .replace(/\);\n$/, '});\n'),
    ],
  ])('refuses %s', async (_, change) => {
    const text = change(made.text);
    expect(text).not.toBe(made.text);
    const namespace = await imported(text);
    expect(await verdict(adoptBundle(namespace, made.sidecars, trust, { now: NOW }))).toBe('digest_mismatch');
  });

  it('is decided by its own text, whatever shadows the names around it', async () => {
    const shadows = 'const undefined_=0,NaN=1,TypeError=0,Math=0,Object=0,Array=0,String=0,JSON=0;\n';
    const bundle = await adoptBundle(await imported(shadows + made.text), made.sidecars, trust, { now: NOW });
    expect(bundle.policy().evaluate(plan(11)).status).toBe('deny');
    expect(bundle.policy().allows(plan(10))).toBe(true);
  });

  it('refuses what is no module, and reads its default once', async () => {
    const throws = {
      get default(): unknown {
        throw new Error('not yet');
      },
    };
    for (const none of [{ default: 1 }, null as never, throws])
      expect(await verdict(adoptBundle(none, made.sidecars, trust))).toBe('module_malformed');
    const { default: factory } = await imported(made.text);
    // What wraps a function has another text, or none.
    const call = factory as (...args: readonly unknown[]) => unknown;
    for (const wrapper of [call.bind(null), new Proxy(call, { apply: () => ({}) })])
      expect(await verdict(adoptBundle({ default: wrapper }, made.sidecars, trust, { now: NOW }))).toBe(
        'digest_mismatch',
      );
    let reads = 0;
    const swapped = {
      get default(): unknown {
        reads += 1;
        return reads === 1 ? factory : (): unknown => ({});
      },
    };
    await adoptBundle(swapped, made.sidecars, trust, { now: NOW });
    expect(reads).toBe(1);
  });
});
