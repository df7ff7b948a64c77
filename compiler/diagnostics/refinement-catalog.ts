import { didYouMean, error } from './entry.ts';

/** What a child may write instead of what could not be proved. */
const PROVABLE = {
  pattern:
    'write `or: [<the inherited pattern>, <yours>]`, which is stricter by its form, or declare a rule of your own beside it',
  value: 'keep the inherited value, and declare a rule of your own beside it',
  token: 'keep the inherited pattern, and add yours to `deny_tokens_regex`',
} as const;

/** 2-resolve: refinements, parameters, exceptions. */
export const ofRefining = {
  PL2201: error(
    (p: { rule: string; parent: string; child: string }) =>
      `\`${p.rule}\` would be weaker: \`${p.child}\` lets plans through that \`${p.parent}\` stops`,
    () =>
      'a rule may only come to fire on more; keep the inherited pattern and add yours beside it with `or`',
  ),
  PL2202: error(
    (p: { rule: string; parent: string; child: string; reason: string; of: keyof typeof PROVABLE }) =>
      `cannot prove that \`${p.rule}\` is stricter with \`${p.child}\` than with \`${p.parent}\`: ${p.reason}`,
    (p) => PROVABLE[p.of],
  ),
  PL2203: error(
    (p: { rule: string }) => `a \`when\` would narrow the inherited rule \`${p.rule}\``,
    () =>
      'an added condition makes a rule fire on less; declare a rule of your own, or ask for an exception with a scope',
  ),
  PL2204: error(
    (p: { rule: string }) => `\`enabled: false\` would switch off the inherited rule \`${p.rule}\``,
    () => 'an inherited rule cannot be disabled; ask for an exception, which has a scope and an end',
  ),
  PL2205: error(
    (p: { rule: string; near: string | null }) => `\`${p.rule}\` is not an inherited rule`,
    (p) =>
      didYouMean(
        p.near,
        '`refine` names a rule of a file that this one extends; declare new rules under `rules`',
      ),
  ),
  PL2206: error(
    (p: { name: string }) => `\`${p.name}\` is already the name of a policy that this file inherits`,
    () => 'choose another name: `extends` and `--entry` would mean this policy instead of the inherited one',
  ),
  PL2207: error(
    (p: { name: string }) => `the parameter \`${p.name}\` is declared twice`,
    (p) => `bind an inherited parameter by its value alone: \`params: { ${p.name}: … }\``,
  ),
  PL2208: error(
    (p: { name: string; near: string | null }) => `there is no parameter \`${p.name}\``,
    (p) => didYouMean(p.near, `declare it: \`params: { ${p.name}: { type: number, value: … } }\``),
  ),
  PL2209: error(
    (p: { name: string; expected: string; got: string }) =>
      `the parameter \`${p.name}\` must be ${p.expected}, not ${p.got}`,
    (p) => `write ${p.expected}`,
  ),
  PL2210: error(
    (p: { name: string; parent: string; child: string; isFinal: boolean }) =>
      `the parameter \`${p.name}\` cannot be bound to \`${p.child}\`: its value \`${p.parent}\` is ${p.isFinal ? 'final' : 'fixed'}`,
    (p) =>
      p.isFinal
        ? 'an inherited file has locked it with `final: true`'
        : 'its declaration names no direction that is stricter (`tighten`) and is no `mode: default`',
  ),
  PL2211: error(
    (p: { rule: string }) => `\`final: false\` would open the inherited rule \`${p.rule}\` to exceptions`,
    () => 'a final rule stays final',
  ),
  PL2212: error(
    (p: { key: string; rule: string; reason: string }) =>
      `\`${p.key}\` cannot refine \`${p.rule}\`: ${p.reason}`,
    () => 'write the whole `pattern` instead, or the setting itself',
  ),
  PL2213: error(
    (p: { name: string; first: string; second: string }) =>
      `the parents disagree on the parameter \`${p.name}\`: \`${p.first}\` and \`${p.second}\``,
    () => 'neither is stricter by its declaration; let one of the parents leave it as it is',
  ),
  PL2221: error(
    (p: { written: string; person: string }) =>
      `\`${p.person}\` both asks for and approves this exception${p.written === p.person ? '' : `, here written \`${p.written}\``}`,
    () =>
      'someone else must approve it; case, display name, plus-suffix and look-alike letters make no other person',
  ),
  PL2222: error(
    () => 'this exception ends before it begins',
    () => '`expires` must be later than `not_before`',
  ),
  PL2223: error(
    (p: { text: string }) => `\`${p.text}\` is not an instant`,
    () => 'write a UTC instant with seconds: 2027-01-31T00:00:00Z, or a day: 2027-01-31',
  ),
  PL2224: error(
    (p: { rule: string; near: string | null }) => `the exception names \`${p.rule}\`, which is no rule here`,
    (p) => didYouMean(p.near, 'name a rule that this file declares or inherits'),
  ),
  PL2226: error(
    (p: { lasts: string | null; most: string }) =>
      p.lasts === null
        ? `this exception says no \`not_before\`, so nothing tells whether it lasts longer than \`max_exception: ${p.most}\``
        : `this exception lasts ${p.lasts}, longer than \`max_exception: ${p.most}\``,
    () => 'time runs from `not_before` to `expires`; ask anew when it is over',
  ),
  PL2225: error(
    (p: { rule: string }) => `\`${p.rule}\` is final and takes no exceptions`,
    () => 'ask the owner of the rule to change it',
  ),
};
