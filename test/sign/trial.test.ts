import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tryModule } from '../../bundles/trial.ts';
import { sign } from '../../cli/commands/sign.ts';
import { bundleStatement, generateKey, writePrivateKey } from '../../compiler/6-sign/index.ts';
import { place } from '../cli/place.ts';
import { compileMemory } from '../support/decide.ts';
import { predicateOf } from '../support/signing.ts';

const { module } = await compileMemory({
  'p.yaml': 'rules:\n  - {rule: a, pattern: {tool: t, arg: x, operation: equals, value: MARK}}\n',
});
const predicate = predicateOf({ entries: module.entries });

const tried = (code: string): Promise<void> =>
  tryModule({ module: Buffer.from(code), predicate, sourceMap: module.sourceMap });

describe('a module that is about to be signed', () => {
  it('is loaded and answers', async () => {
    await expect(tried(module.code)).resolves.toBeUndefined();
  });

  it.each([
    ['holds a control character', '"MAR\u0001"', /no loader takes the module: .*, at p\.yaml:2:12$/],
    ['holds a name that is refused', 'eval(1)', /no loader takes the module: .*eval, at p\.yaml:2:12$/],
    ['does not parse', '1 2', /no loader takes the module: .*, at p\.yaml:2:12$/],
    ['fails when it is run', '"MARK".nothing.x', /no loader takes the module/],
  ])('is refused where it %s', async (_, text, message) => {
    const broken = module.code.replace('"MARK"', text);
    expect(broken).not.toBe(module.code);
    await expect(tried(broken)).rejects.toThrow(message);
  });

  it('is refused where it does not answer', async () => {
    const broken = module.code.replace(
      /open:\(i,l\)=>\{/,
      'open:(i,l)=>{return{evaluate(){null.x},allows:()=>true};',
    );
    expect(broken).not.toBe(module.code);
    await expect(tried(broken)).rejects.toThrow(/the module does not answer: .*, at p$/);
  });

  it('may be one for later, or of yesterday', async () => {
    const times = [{ not_before: '2040-01-01T00:00:00Z' }, { expires: '2001-01-01T00:00:00Z' }];
    for (const each of times) {
      const trial = { module: Buffer.from(module.code), predicate: { ...predicate, ...each } };
      await expect(tryModule(trial)).resolves.toBeUndefined();
    }
  });
});

it('`sign` signs nothing that no loader takes', async () => {
  const at = place();
  const broken = Buffer.from(module.code.replace('"MARK"', '"MARK" "MARK"'));
  at.write({
    'acme.mjs': broken,
    'acme.mjs.statement.json': bundleStatement('acme.mjs', broken, predicate),
    'signer.key': writePrivateKey(generateKey('p256')),
  });
  const before = readdirSync(at.directory).sort();
  expect(await sign({ file: 'acme.mjs', key: ['signer.key'] }, at.io)).toBe(3);
  expect(at.err()).toContain('error: plan-lint failed: no loader takes the module');
  expect(readdirSync(at.directory).sort()).toEqual(before);
  at.remove();
});
