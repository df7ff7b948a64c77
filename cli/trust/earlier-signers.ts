/** Who has signed before: whoever adds a signature lends her name to a statement that somebody else has made. */
import { BundleError, type ErrorCode, type TrustRoot } from '@plan-lint/runtime';
import { parseSidecar, ruleFor, signerOf } from '@plan-lint/runtime/tools';
import { PAYLOAD_TYPE, TRUST_PAYLOAD_TYPE, type RootRole } from '@plan-lint/runtime/contract';
import { UsageError } from '../../bundles/failure.ts';

/** One signature that is there already. */
export interface EarlierSigner {
  /** Id of the key that it claims to be by. */
  readonly id: string;
  /** Whose it is, by the trust root; empty where that does not say. */
  readonly label: string;
  /** Why it counts for nothing; `null` where it verifies, `unchecked` where nobody was asked. */
  readonly refusal: ErrorCode | 'unchecked' | null;
}

/** What is to be signed. */
export interface ToSign {
  readonly payload: Uint8Array;
  /** Of the bundle; `null` for a trust root. */
  readonly name: string | null;
}

/** @param roots - those asked, in turn: the first that takes a signature settles it */
export async function earlierSigners(
  sidecars: readonly Uint8Array[],
  { payload, name }: ToSign,
  roots: readonly TrustRoot[],
  now: number,
): Promise<EarlierSigner[]> {
  const payloadType = name === null ? TRUST_PAYLOAD_TYPE : PAYLOAD_TYPE;
  const found: EarlierSigner[] = [];
  for (const bytes of sidecars) {
    const sidecar = parseSidecar(bytes);
    const id = sidecar.hint;
    let label = '';
    let refusal: EarlierSigner['refusal'] = 'unchecked';
    for (const trust of roots) {
      label ||= trust.keys.find((key) => key.id === id)?.label ?? '';
      const role = name === null ? trust.root : ruleFor(trust, name);
      refusal = await refusalOf(() => signerOf(sidecar, { trust, role: role ?? NOBODY, payloadType, now }));
      if (refusal === null) break;
    }
    if (Buffer.compare(sidecar.payload, payload) !== 0) refusal = 'statements_differ';
    found.push({ id, label, refusal });
  }
  return found;
}

const NOBODY: Pick<RootRole, 'keys'> = { keys: [] };

async function refusalOf(ask: () => Promise<unknown>): Promise<ErrorCode | null> {
  try {
    await ask();
    return null;
  } catch (error) {
    if (error instanceof BundleError) return error.code;
    throw error;
  }
}

/**
 * Nobody signs beside a signature that does not hold, unless told.
 *
 * @throws UsageError where nobody could be asked, BundleError with what is wrong with the first that does not verify
 */
export function refuseUnverified(file: string, signers: readonly EarlierSigner[]): void {
  const bad = signers.find(({ refusal }) => refusal !== null);
  if (!bad || bad.refusal === null) return;
  if (bad.refusal !== 'unchecked')
    throw new BundleError(
      bad.refusal,
      `in the signature by ${bad.id.slice(0, 16)} that \`${file}\` has; --accept-unverified signs beside it`,
    );
  throw new UsageError(
    `\`${file}\` is signed already, and nothing says by whom`,
    '--trust trust.json looks at those signatures; --accept-unverified signs beside them all the same',
  );
}
