import { didYouMean, error, oneOf } from './entry.ts';

/** Tests of what the text of an argument holds. */
export const ofViews = {
  PL1140: error(
    (p: { as: string; near: string | null; known: readonly string[] }) =>
      p.as === 'sql' ? '`as: sql` is not offered' : `no text is read as \`${p.as}\``,
    (p) =>
      p.as === 'sql'
        ? "databases disagree on where a text or a comment ends, so no reading of it would be everybody's; give agents prepared statements and a role with few rights, and test the statement with `matches`"
        : didYouMean(p.near, `write ${oneOf(p.known)}`),
  ),
  PL1141: error(
    (p: { reason: string; known: readonly string[] }) => p.reason,
    (p) => (p.known.length === 0 ? 'leave it out, or write another test' : `write ${oneOf(p.known)}`),
  ),
  PL1142: error(
    () => '`private_network` is asked of a host',
    () => 'put `as: host` in front of it, `as: url` with `part: host`, or `as: email` with `part: domain`',
  ),
  PL1143: error(
    () => '`private_network` is `true` or left out',
    () => 'what is not private: `not: { arg: url, as: url, part: host, private_network: true }`',
  ),
} as const;

/** Operands that no text comes to once it is read. */
export const ofViewOperands = {
  PL3110: error(
    (p: { shown: string; noun: string; written: string | null }) =>
      `\`${p.shown}\` is never what ${p.noun} comes to once it is read`,
    (p) =>
      p.written === null
        ? 'write it as it is read: in ASCII, without escapes, ports and slashes around it (other scripts in punycode, `xn--…`)'
        : `write \`${p.written}\``,
  ),
} as const;
