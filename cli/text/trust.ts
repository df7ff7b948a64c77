/** A trust root for people. */
import type { TrustRoot } from '@plan-lint/runtime';
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
    ...trust.decisions.map(
      (rule) =>
        shown`decisions    ${rule.bundles.join(', ')}: ${role(rule)}\n             for ${rule.audiences.join(', ') || 'any executor'}, ` +
        `${rule.max_life} s at most\n`,
    ),
    ...trust.checkpoints.map((rule) => shown`checkpoints  ${rule.name}: ${role(rule)}\n`),
    ...trust.channels.map((rule) => shown`channel      ${rule.name}: ${role(rule)}\n`),
    ...trust.withdrawn.map(
      ({ sha256, since, reason }) =>
        shown`withdrawn    sha256:${sha256}\n             ${since}${reason === '' ? '' : `, ${reason}`}\n`,
    ),
  ].join('');
}

/**
 * Whose signatures the step from one root to the next needs.
 *
 * @param made - how many have been made with it
 */
export function signaturesNeeded(before: TrustRoot, after: TrustRoot, made: number): string {
  const label = (root: TrustRoot, id: string): string => {
    const name = root.keys.find((key) => key.id === id)?.label ?? '';
    return name === '' ? id.slice(0, 16) : `${id.slice(0, 16)} (${name})`;
  };
  const line = (root: TrustRoot): string =>
    root.root
      ? shown`             ${root.root.threshold} of ${root.root.keys.map((id) => label(root, id)).join(', ')} (version ${root.version})\n`
      : shown`             nobody: version ${root.version} names no key for its successor\n`;
  const rest = made > 0 ? `, of which ${made} ${made === 1 ? 'is' : 'are'} made` : '';
  return `needs        the signatures of both roots${rest}: \`plan-lint sign FILE --trust-root --trust CURRENT --key KEY\`\n${line(before)}${line(after)}`;
}
