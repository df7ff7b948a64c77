/** A trust root for people. */
import type { TrustFile, TrustFileKey } from '../../compiler/6-sign/index.ts';
import { shown } from './shown.ts';

function keyState(key: TrustFileKey): string {
  if (key.revoked !== null) return `revoked ${key.revoked}`;
  return `valid from ${key.not_before ?? 'any time'} until ${key.expires ?? 'withdrawn'}`;
}

export function trustText(trust: TrustFile): string {
  const name = (id: string): string => {
    const label = trust.keys.find((key) => key.id === id)?.label ?? '';
    return label === '' ? id.slice(0, 16) : `${id.slice(0, 16)} (${label})`;
  };
  const role = (rule: { readonly keys: readonly string[]; readonly threshold: number }): string =>
    `${rule.threshold} of ${rule.keys.map(name).join(', ') || 'no key'}`;
  return [
    `version      ${trust.version}, ${trust.expires === null ? 'without end' : `until ${trust.expires}`}\n`,
    ...trust.keys.map(
      (key) =>
        shown`key          ${key.id}\n             ${[key.label, key.algorithm, keyState(key)].filter(Boolean).join(', ')}\n`,
    ),
    shown`next root    ${trust.root ? role(trust.root) : 'none may follow'}\n`,
    ...trust.policies.map(
      (rule) =>
        shown`bundles      ${rule.name}: ${role(rule)}\n             in ${rule.audiences.join(', ') || 'any environment'}, ` +
        `sequence ${rule.minimum_sequence} or higher\n`,
    ),
  ].join('');
}
