/** Receipts that were changed: in their bytes, in every member, in envelope, signature and key. None lets a plan run. */
import { afterAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '@plan-lint/runtime/digest';
import { openReceipt } from '@plan-lint/runtime/receipt';
import type { DecisionPredicate } from '@plan-lint/runtime/receipt';
import { parseSidecar } from '@plan-lint/runtime/tools';
import { sidecar, signerKey, trustBytes, trustKey } from '../../compiler/6-sign/index.ts';
import {
  answer,
  decide,
  decisionKey,
  demands,
  planOf,
  policyKey,
  receiptOf,
  seal,
  strangerKey,
  trust,
  trustFile,
} from './support.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const plan = planOf(150, 'urgent');
/** With something in every list. */
async function full(): Promise<DecisionPredicate> {
  const bare = decide(plan);
  const { planDigest: digest } = await openReceipt(await receiptOf(plan, bare), trust, 'issued');
  const approvals = [{ by: 'grace', method: 'sso', digest, at: '2026-05-31T23:59:00.000Z' }];
  return { ...bare, approvals, decision: { ...bare.decision, pending: bare.decision.findings.slice(0, 1) } };
}
const predicate = await full();
const good = await receiptOf(plan, predicate);
const { payload, signature, hint } = parseSidecar(good);
const statement = JSON.parse(Buffer.from(payload).toString()) as Json;

/** Every place in a value that holds no other. */
function placesIn(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const members = Object.entries(value as Readonly<Record<string, Json>>);
  return [
    ...(path.length > 0 ? [path] : []),
    ...members.flatMap(([name, member]) => placesIn(member, [...path, name])),
  ];
}

/** The value with another one at a place; `undefined` takes it out. */
function replaced(
  value: Json,
  [name, ...below]: readonly string[],
  change: (before: Json) => Json | undefined,
): Json {
  if (name === undefined) return change(value) ?? null;
  const members = Object.entries(value as Readonly<Record<string, Json>>).flatMap(
    ([key, member]): [string, Json][] => {
      if (key !== name) return [[key, member]];
      const anew = below.length === 0 ? change(member) : replaced(member, below, change);
      return anew === undefined ? [] : [[key, anew]];
    },
  );
  return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
}

/** Another value of the same kind: what somebody would want to read there. */
function near(value: Json): Json {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (value === null) return 'x';
  if (typeof value !== 'string') return Array.isArray(value) ? [] : { ...value, extra: 1 };
  const [first = 'x'] = value;
  return `${first === 'a' ? 'b' : 'a'}${value.slice(1)}`;
}

/** What is of no member's kind. */
const WRONG: readonly Json[] = [{ x: [] }, [[1]], -1.5];

let mutated = 0;
const surprises: string[] = [];
async function refuses(
  name: string,
  receipt: Uint8Array,
  codes: readonly string[] = [],
  root: Uint8Array = trust,
): Promise<void> {
  mutated += 1;
  const code = await answer(receipt, demands(plan), root);
  if (code.startsWith('run') || (codes.length > 0 && !codes.includes(code)))
    surprises.push(`${name}: ${code}`);
}

/**
 * Other decision keys than that of this bundle and executor, in each way in which a name may be near: what they sign is
 * authentic, under another name, and must not pass for this one.
 */
const otherKey = trustKey(signerKey(strangerKey));
const [own] = trustFile.decisions;
if (!own) throw new Error('no role');
const roles = [
  { ...own, keys: [otherKey.id], bundles: ['bcme'], audiences: [] },
  { ...own, keys: [otherKey.id], bundles: ['*'], audiences: ['aayments'] },
];
const crowded = trustBytes({
  ...trustFile,
  keys: [...trustFile.keys, otherKey],
  decisions: [...trustFile.decisions, ...roles],
});

describe('the receipt', () => {
  it('is good as it is', async () => {
    expect(await answer(good, demands(plan))).toBe('run_with_checks');
  });

  const places = placesIn(statement).map((path) => ({ path, name: path.join('.') }));

  it.each(places)('with another $name, as it was signed or by somebody else', async ({ path, name }) => {
    for (const change of [near, () => undefined, () => null]) {
      const text = canonicalJson(replaced(statement, path, change));
      if (text === Buffer.from(payload).toString()) continue;
      await refuses(`${name} unsigned`, sidecar(Buffer.from(text), hint, signature), ['signature_invalid']);
      await refuses(`${name} by a stranger`, await seal(text, strangerKey), ['key_unknown']);
    }
    const text = canonicalJson(replaced(statement, path, near));
    const byPolicyKey = ['key_not_allowed', 'receipt_malformed', 'receipt_not_trusted'];
    await refuses(`${name} by the policy key`, await seal(text, policyKey), byPolicyKey);
    await refuses(`${name} by a key for others`, await seal(text, strangerKey), [], crowded);
    expect(surprises).toEqual([]);
  });

  it.each(places)(
    'with a $name of another kind, twice or beside an unknown one, by the decision key',
    async ({ path, name }) => {
      for (const value of WRONG) {
        const isOwn = JSON.stringify(replaced(statement, path, () => value)) === JSON.stringify(statement);
        if (isOwn) continue;
        // A risk may be any number.
        if (name === 'predicate.decision.risk' && typeof value === 'number') continue;
        const text = canonicalJson(replaced(statement, path, () => value));
        await refuses(`${name} as ${JSON.stringify(value)}`, await seal(text), ['receipt_malformed']);
      }
      const last = path.at(-1) ?? '';
      if (/^\d+$/.test(last)) return;
      const named = `"${last}":`;
      const text = canonicalJson(statement);
      await refuses(`${name} twice`, await seal(text.replace(named, `${named}null,${named}`)), [
        'receipt_malformed',
      ]);
      await refuses(`beside ${name}`, await seal(text.replace(named, `"extra":1,${named}`)), [
        'receipt_malformed',
      ]);
      await refuses(
        `without ${name}`,
        await seal(canonicalJson(replaced(statement, path, () => undefined))),
        ['receipt_malformed'],
      );
      expect(surprises).toEqual([]);
    },
  );

  it('with any of its bytes changed', async () => {
    for (let at = 0; at < good.length; at += 7) {
      const changed = Uint8Array.from(good);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 7));
      await refuses(`byte ${at}`, changed);
    }
    expect(surprises).toEqual([]);
  });

  it('cut, lengthened, empty', async () => {
    for (let length = 0; length < good.length; length += 61)
      await refuses(`cut at ${length}`, good.subarray(0, length));
    await refuses('with a byte more', Buffer.concat([good, Buffer.from('\n')]), ['sidecar_malformed']);
    await refuses('a megabyte and a byte', new Uint8Array(0x100001), ['sidecar_too_large']);
    expect(surprises).toEqual([]);
  });

  it('in another envelope', async () => {
    const text = Buffer.from(payload);
    for (const type of ['application/json', 'application/vnd.plan-lint.trust+json', ''])
      await refuses(`signed as ${type}`, await seal(text, decisionKey, type), ['payload_type']);
    for (const type of ['application/json', 'application/vnd.in-toto+json '])
      await refuses(`said to be ${type}`, sidecar(text, hint, signature, type), ['payload_type']);
    for (const key of [policyKey, strangerKey])
      await refuses('with the hint of another key', sidecar(text, signerKey(key).id, signature));
    const others = [
      new Uint8Array(),
      new Uint8Array(64),
      signature.subarray(1),
      Buffer.concat([signature, signature]),
    ];
    for (const other of others)
      await refuses('with another signature', sidecar(text, hint, other), ['signature_malformed']);
    const older = parseSidecar(await receiptOf(planOf(50))).signature;
    await refuses('with the signature of another receipt', sidecar(text, hint, older), ['signature_invalid']);
    const padded = Buffer.from(` ${text.toString()}`);
    await refuses('with space that was not signed', sidecar(padded, hint, signature), ['signature_invalid']);
    expect(surprises).toEqual([]);
  });

  afterAll(() => {
    expect(surprises).toEqual([]);
    expect(mutated).toBeGreaterThanOrEqual(500);
  });
});
