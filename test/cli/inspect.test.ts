/** What `inspect` tells of exceptions: all the module knows, and with the sources all that was declared. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import type { BundlePredicate } from '@plan-lint/runtime/contract';
import { keySigner, readPrivateKey, signBundle } from '../../compiler/6-sign/index.ts';
import { predicateOf } from '../support/signing.ts';
import { DOCUMENT_POLICIES, place } from './place.ts';
import type { Place } from './place.ts';

const WAIVED = `extends: [base.yaml]
name: waived
exceptions:
  - rule: prevent_sql_injection
    scope: { tool: db.query, context: { role: [dba, <ops>] } }
    reason: the migration
    ticket: SEC-7
    requested_by: ann
    approved_by: bob
    not_before: 2026-05-01T00:00:00Z
    expires: 2027-01-01T00:00:00Z
`;

let at: Place;
beforeEach(async () => {
  at = place();
  at.write({ ...DOCUMENT_POLICIES, 'policies/waived.yaml': WAIVED });
  await plan('keygen --out keys --any-name');
  await plan('bundle --policy-dir policies --output acme.mjs --key keys/signer.key');
  await plan('bundle --policy-dir policies --output acme.tar.gz --key keys/signer.key');
  at.out();
});
afterEach(() => at.remove());

const plan = (line: string): Promise<number> => run(line.split(' '), at.io);

const INSPECT = 'inspect acme.mjs --trust keys/trust.json';
const KNOWN = {
  entry: 'waived',
  rule: 'prevent_sql_injection',
  label: 'SEC-7: the migration (approved by bob, until 2027-01-01T00:00:00Z)',
  not_before: '2026-05-01T00:00:00.000Z',
  expires: '2027-01-01T00:00:00.000Z',
  covers: 'part',
};
const DECLARED = {
  policy: 'waived',
  ticket: 'SEC-7',
  reason: 'the migration',
  requested_by: 'ann',
  approved_by: 'bob',
  scope: { tools: ['db.query'], context: [{ path: 'role', values: ['dba', '<ops>'] }] },
  origin: 'waived.yaml:4:11',
};
const exceptions = (): unknown =>
  (JSON.parse(at.out()) as { content: { exceptions: unknown } }).content.exceptions;

it('a module tells rule, ticket and window, and that the scope is a part', async () => {
  expect(await plan(`${INSPECT} --json`)).toBe(0);
  expect(exceptions()).toEqual([{ ...KNOWN, declared: null }]);
  expect(await plan(INSPECT)).toBe(0);
  expect(at.out()).toContain('exceptions   1\n  prevent_sql_injection in waived: SEC-7');
});

it('an archive, or the signed sources, tell all that was declared', async () => {
  for (const line of [INSPECT.replace('mjs', 'tar.gz'), `${INSPECT} --sources policies`]) {
    expect(await plan(`${line} --json`)).toBe(0);
    expect(exceptions()).toEqual([{ ...KNOWN, declared: DECLARED }]);
    expect(await plan(line)).toBe(0);
    expect(at.out()).toContain('for db.query; role is dba or <ops>\n    waived.yaml:4:11, granted by waived');
    expect(await plan(`${line} --format html`)).toBe(0);
    expect(at.out()).toContain('>db.query; role is dba or &lt;ops&gt;</td>');
  }
});

it('sources that are not those that were signed tell nothing', async () => {
  at.write({ 'policies/waived.yaml': WAIVED.replace('ann', 'eve') });
  expect(await plan(`${INSPECT} --sources policies`)).toBe(2);
  expect(at.err()).toContain('`waived.yaml` in `policies` is not what was signed');
  expect(at.out()).toBe('');
});

/** Signed by the key that is trusted, whatever it is. */
async function signed(text: string, predicate: Partial<BundlePredicate>): Promise<void> {
  const module = Buffer.from(text);
  const { sidecars } = await signBundle({
    moduleName: 'odd.mjs',
    module,
    predicate: predicateOf(predicate),
    signers: [keySigner(readPrivateKey(at.read('keys/signer.key')))],
  });
  at.write({ 'odd.mjs': module, 'odd.mjs.sigstore.json': sidecars[0] ?? '' });
}

it.each([
  ['throws when it is asked what an exception covers', 'expires:1,applies(){throw 5}'],
  ['has an exception that ends beyond every calendar', 'expires:1e300,applies:()=>true'],
])('a module that %s is refused with a code', async (_name, members) => {
  const waiver = `{rule:0,label:"l",notBefore:0,${members}}`;
  const entry = `{name:"e",aggregate:"max",threshold:1,rules:[0,1],waivers:[${waiver}]}`;
  const facts = `{policies:["p"],categories:["c"],files:["f"],rules:[["r",0,0,0,0,1,"d",0,1,1]],entries:[${entry}]}`;
  await signed(`export default()=>({format:2,entries:["e"],open:()=>0,facts:()=>(${facts})});\n`, {
    entries: ['e'],
  });
  expect(await plan('inspect odd.mjs --trust keys/trust.json')).toBe(4);
  expect(at.out()).toContain('[module_malformed]');
});

it.each(['../keys/signer.key', '/dev/zero', 'a/../base.yaml', '.', 'a\0b', ''])(
  'nothing outside the directory of the sources is opened: %j',
  async (name) => {
    await signed('export default 1;\n', { sources: [{ name, sha256: 'a'.repeat(64) }] });
    expect(await plan('inspect odd.mjs --trust keys/trust.json --sources policies')).toBe(2);
    expect(at.err()).toContain('is not what was signed');
    expect(await plan('verify odd.mjs --trust keys/trust.json --sources policies')).toBe(4);
    expect(at.out()).toContain('DIFFERENT    from the signed sources: ');
  },
);
