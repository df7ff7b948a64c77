import { didYouMean, warning } from './entry.ts';

/** What compiles, and is probably not meant: warnings only. */
export const ofLint = {
  PL4002: warning(
    (p: { name: string }) => `the policy \`${p.name}\` has no rule: every well-formed plan passes`,
    () => 'write at least one rule or setting, or extend a policy that has some',
  ),
  PL4001: warning(
    (p: { rule: string; path: string }) =>
      `the rule \`${p.rule}\` trusts \`${p.path}\`, which the agent that wrote the plan has written`,
    () => 'decide on `context`, which the caller of the service vouches for',
  ),

  // lint only (compiler/analysis): tests that decide nothing
  PL4101: warning(
    (p: { rule: string }) => `nothing can satisfy these tests of \`${p.rule}\` together`,
    () => 'it would fire only on what is of the wrong type or missing; use `or`, or change one of the values',
  ),
  PL4102: warning(
    (p: { rule: string }) => `every value satisfies this test of \`${p.rule}\``,
    () => 'it narrows nothing down; use `and`, or change one of the values',
  ),
  PL4103: warning(
    (p: { rule: string }) => `\`${p.rule}\` denies every step of every plan`,
    () => 'name the tools it is about, or add an `operation` or a `when`',
  ),
  PL4104: warning(
    () => '`allow_tools` allows every tool, so it denies none',
    () => 'name the tools that agents need; a child may then only shorten the list',
  ),

  PL4105: warning(
    (p: { rule: string }) => `the condition of \`${p.rule}\` asks nothing: it is the same for every plan`,
    () => 'ask about `step`, `plan` or `context`; leave `when` out where the pattern says it all',
  ),

  // lint only: rules beside other rules
  PL4111: warning(
    (p: { rule: string; by: string }) =>
      `\`${p.rule}\` adds nothing: \`${p.by}\` fires wherever it does, at least as strongly`,
    () => 'remove it, or change its condition so that it fires on something else',
  ),
  PL4112: warning(
    (p: { rule: string; by: string }) => `\`${p.rule}\` has the same condition as \`${p.by}\``,
    () => 'keep one of them, with the stronger severity and enforcement',
  ),
  PL4113: warning(
    (p: { rule: string; near: string | null }) =>
      `\`${p.rule}\` is about tools that \`allow_tools\` denies anyway`,
    (p) =>
      didYouMean(
        p.near,
        'check the names of the tools; otherwise remove the rule, or allow the tools it is about',
      ),
  ),
  PL4114: warning(
    (p: { rule: string; near: string | null }) =>
      `\`${p.rule}\` asks for tools that \`allow_tools\` denies: no plan can meet it`,
    (p) => didYouMean(p.near, 'check the names of the tools; otherwise allow the tools it asks for'),
  ),
  PL4119: warning(
    (p: { rules: number }) =>
      `there are too many rules to compare each with all: ${p.rules} were not looked at`,
    () => 'these may hold rules that others make needless; nothing else depends on the comparison',
  ),

  // lint only: names, exceptions, weights
  PL4121: warning(
    (p: { name: string }) => `no rule uses the parameter \`${p.name}\``,
    (p) => `name it as the value of a test, \`value: \${params.${p.name}}\`, or remove it`,
  ),
  PL4122: warning(
    () => 'no rule declared here goes by `order`',
    () =>
      'it is for `require_before` and `require_after` of this file or policy; those of other files say their own',
  ),
  PL4131: warning(
    (p: { rule: string; date: string }) => `this exception to \`${p.rule}\` expired on ${p.date}`,
    () => 'remove it; if it is still needed, it must be asked for and approved anew',
  ),
  PL4132: warning(
    (p: { rule: string; date: string; days: number }) =>
      `this exception to \`${p.rule}\` expires on ${p.date}, in ${p.days} day${p.days === 1 ? '' : 's'}`,
    () => 'mend what it excuses, or have it asked for and approved anew in time',
  ),
  PL4133: warning(
    (p: { rule: string }) =>
      `this exception never applies: \`${p.rule}\` does not fire on tools of its scope`,
    () => 'check the names in `scope.tool`; a rule about the plan as a whole has no tool',
  ),
  PL4134: warning(
    (p: { rule: string }) => `this exception waives \`${p.rule}\` for every tool and every caller`,
    () => 'name the tools it is for, or what the caller must vouch for (`context`)',
  ),
  PL4135: warning(
    (p: { rule: string; date: string }) =>
      `this exception to \`${p.rule}\` ends on ${p.date}, in more than a year`,
    () => 'let it end sooner; `max_exception: 90d` makes longer ones an error',
  ),
  PL4141: warning(
    (p: { threshold: number; most: number; aggregate: string }) =>
      `\`fail_risk_threshold: ${p.threshold}\` is never reached: the ${p.aggregate} of all weights is ${p.most}`,
    () => 'lower it, or raise the weights of the rules it is to count',
  ),
  PL4142: warning(
    (p: { name: string; base: string }) =>
      `the entry \`${p.name}\` stands on no file that others extend, such as \`${p.base}\``,
    (p) =>
      `let it extend that file, or say \`require_base: [${p.base}]\` in plan-lint.yaml to make this an error`,
  ),
  PL4143: warning(
    (p: { name: string }) => `the entry \`${p.name}\` says that it extends nothing`,
    () => 'name the base that its guardrails come from; leave `extends` out where there is none',
  ),

  // lint only: texts and regular expressions
  PL4151: warning(
    (p: { pattern: string; inverse: boolean }) =>
      `\`${p.pattern}\` matches every text${p.inverse ? ', so nothing breaks this test' : ''}`,
    () =>
      'make a part of it obligatory: `+` instead of `*`, no empty alternative; to ask whether an argument is there use `exists`',
  ),
  PL4152: warning(
    (p: { pattern: string }) => `\`${p.pattern}\` matches every text with a letter in it, of any argument`,
    () => 'name the argument it is about, or write what the forbidden text looks like',
  ),
  PL4153: warning(
    (p: { pattern: string }) => `\`${p.pattern}\` matches no text at all`,
    () =>
      '`^` and `$` stand for the ends of the text, `\\b` for an edge of a word; put a backslash before a character that is meant itself',
  ),
  PL4154: warning(
    (p: { operation: string; text: string }) => `\`${p.operation}\` looks for \`${p.text}\` letter by letter`,
    () => 'this reads like a regular expression; those are for `matches`',
  ),
  PL4155: warning(
    (p: { pattern: string }) => `\`${p.pattern}\` looks for its slashes, and for the letters behind them`,
    () => 'leave the slashes out; `(?i)` in front takes letters in either case',
  ),
  PL4161: warning(
    () => 'this dot stands for any character',
    () => 'write `\\.` for a dot; if any character is meant, `[^]` says so',
  ),
  PL4162: warning(
    (p: { text: string }) => `beside \`${p.text}\` an alternative is empty, and matches everywhere`,
    () => 'remove the bar; what may be left out is written `(?:…)?`',
  ),
  PL4163: warning(
    (p: { text: string }) =>
      `\`${p.text}\` holds more than letters: the characters \`[\`, \`\\\`, \`]\`, \`^\`, \`_\` and the grave accent, too`,
    () => 'write `A-Za-z`',
  ),
  PL4164: warning(
    () => '`^` belongs to the first alternative only and `$` to the last',
    () => 'put the alternatives into a group: `^(?:…|…)$`',
  ),
  PL4165: warning(
    (p: { text: string }) => `\`${p.text}\` is one character out of these, the bar among them`,
    () => 'alternatives are written in a group, `(?:foo|bar)`; characters of a class need no bar',
  ),
  PL4166: warning(
    (p: { text: string }) => `\`${p.text}\` repeats what is repeated already`,
    () => 'leave it out; the pattern matches the same texts without',
  ),
  PL4167: warning(
    () => 'the blanks beside this bar belong to the texts that are looked for',
    () => 'remove them; a blank that is meant can be written `[ ]`',
  ),
  PL4168: warning(
    () => 'this pattern ends in a line end, so it matches nothing that ends before',
    () => 'write the pattern in quotes, or end the block scalar with `-`: `|-`',
  ),
  PL4169: warning(
    (p: { text: string }) => `\`${p.text}\` looks for a backslash and the letter behind it`,
    () => 'write one backslash only; two are needed in double quotes, not in single quotes or without any',
  ),

  // lint only: the text of the file
  PL4171: warning(
    (p: { text: string; now: string; before: string }) =>
      `\`${p.text}\` is ${p.now} here, and ${p.before} to readers of YAML 1.1`,
    () => 'put it in quotes if it is a text, or write a number in plain decimal digits',
  ),

  // lint only: sessions
  PL4181: warning(
    (p: { what: string }) => `\`${p.what}\` is heeded in sessions alone, and these bundles have none`,
    () => 'write `capabilities: [session]` in plan-lint.yaml, or bundle with `--capability session`',
  ),
  PL4182: warning(
    (p: { rule: string }) =>
      `no session asks \`${p.rule}\`: only a plan says what the failure of a step leads to`,
    () => 'let an agent without a plan be held by other rules, such as `require_after` with `until: only`',
  ),
  PL4183: warning(
    (p: { rule: string }) => `a session tells only at its close that \`${p.rule}\` was broken`,
    () => 'add `until: only`: until what must follow has followed, nothing else is admitted',
  ),
};
