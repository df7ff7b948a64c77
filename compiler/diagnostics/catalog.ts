import { didYouMean, documentOf, error, oneOf, warning } from './entry.ts';
import { hintOfUnknownKey } from './unknown-key.ts';
import type { UnknownKey } from './unknown-key.ts';
import { ofLint } from './lint-catalog.ts';
import { ofReferences } from './reference-catalog.ts';
import { ofRefining } from './refinement-catalog.ts';
import { ofViewOperands, ofViews } from './view-catalog.ts';
import { ofWholePlan } from './whole-plan-catalog.ts';
import { ofChecking, ofReading } from './tool-catalog.ts';

export { oneOf } from './entry.ts';
export type { CatalogEntry, DiagnosticSeverity } from './entry.ts';

/**
 * Every diagnostic of the compiler: code, text and hint. The sole source, together with the other
 * files of entries that it takes in; `docs/diagnostics.md` is generated from it. Texts are one lower-case sentence in the policy author's terms; names and values stand in backticks.
 */
export const catalog = {
  // 1-parse: the text of a file
  PL1001: error(
    (p: { reason: string; hint: string | null }) => `this is not valid YAML: ${p.reason}`,
    (p) =>
      p.hint ?? 'policies are YAML 1.2; check the indentation and quotes of this line and of the one above',
  ),
  PL1002: error(
    (p: { key: string }) => `\`${p.key}\` is written twice in the same mapping`,
    () => 'keep one of them: a second key would silently replace the first in other readers',
  ),
  PL1003: error(
    (p: { tag: string }) => `the tag \`${p.tag}\` is not allowed in a policy`,
    (p) =>
      /^![\w.]*\(/.test(p.tag)
        ? 'put the condition in quotes: a `!` at the start of a text without quotes begins a tag'
        : 'remove the tag; plain scalars, quoted strings, lists and mappings are all a policy needs',
  ),
  PL1004: error(
    (p: { what: string }) => `${p.what} as a mapping key is not allowed`,
    () => 'use a plain string as the key',
  ),
  PL1005: error(
    (p: { limit: number; hasAliases: boolean }) =>
      p.hasAliases
        ? `this file, with its aliases written out, has more than ${p.limit.toLocaleString('en-US')} values`
        : `this file is too long: it has more than ${p.limit.toLocaleString('en-US')} values`,
    (p) =>
      p.hasAliases
        ? 'aliases that multiply are refused; write the values out, or split the file'
        : 'split it: a file may extend several others; a long list of names is often one glob',
  ),
  PL1006: error(
    (p: { count: number }) => `a policy file holds one YAML document, this one holds ${p.count}`,
    () => 'move each document into a file of its own',
  ),
  PL1007: error(
    () => 'this policy file is empty',
    () => 'write at least one setting or rule, or delete the file',
  ),
  PL1008: error(
    () => 'this file is not UTF-8 text',
    () => 'save it as UTF-8 without a byte order mark',
  ),
  PL1009: error(
    () => 'this string holds half of a surrogate pair, which no text file can carry',
    () => 'write the whole character, or escape both halves',
  ),

  PL1010: error(
    (p: { text: string }) => `\`${p.text}\` is too large to be kept exactly`,
    () =>
      'numbers are IEEE doubles, as in JSON plans: integers are exact up to 9007199254740991; quote it if it is text',
  ),

  // 1-parse: the shape
  PL1101: error(
    (p: UnknownKey) => `\`${p.key}\` is not a key of ${p.where}`,
    (p) => hintOfUnknownKey(p),
  ),
  PL1102: error(
    (p: { what: string; expected: string; got: string; hint?: string | undefined }) =>
      `${p.what} must be ${p.expected}, not ${p.got}`,
    (p) => p.hint ?? `write ${p.expected} here`,
  ),
  PL1103: error(
    (p: { key: string; where: string }) => `${p.where} lacks the key \`${p.key}\``,
    (p) => `add \`${p.key}:\``,
  ),
  PL1104: error(
    (p: { what: string; got: string; allowed: readonly string[]; near: string | null }) =>
      `${p.what} cannot be \`${p.got}\``,
    (p) => didYouMean(p.near, `write ${oneOf(p.allowed)}`),
  ),
  PL1105: error(
    (p: { what: string; rule: string; hint: string }) => `${p.what} ${p.rule}`,
    (p) => p.hint,
  ),
  PL1106: error(
    () => 'a pattern needs one of `operation`, `and`, `or` and `not`, or a `tool` alone',
    () => 'nest patterns when you need more than one: `and: [{operation: …}, {or: […]}]`',
  ),
  PL1107: error(
    (p: { operation: string; near: string | null; known: readonly string[] }) =>
      `\`${p.operation}\` is not an operation`,
    (p) =>
      didYouMean(p.near, `operations: ${p.known.join(', ')}; or an argument name in front, as \`amount_gt\``),
  ),
  PL1108: error(
    (p: { operation: string }) => `the argument is named twice: by \`arg\` and by \`${p.operation}\``,
    (p) =>
      `keep \`arg\` and write the operation without the name in front of it, or drop \`arg\` (\`${p.operation}\`)`,
  ),
  PL1109: error(
    (p: { operation: string; expected: string; got: string }) =>
      `\`${p.operation}\` takes ${p.expected}, not ${p.got}`,
    (p) => (p.expected === 'no value' ? 'remove `value:`' : `write \`value:\` with ${p.expected}`),
  ),
  PL1110: error(
    (p: { operation: string; expected: string }) => `\`${p.operation}\` needs a \`value\``,
    (p) => `add \`value:\` with ${p.expected}`,
  ),
  PL1111: error(
    (p: { operation: string }) => `\`${p.operation}\` needs an \`arg\``,
    () => 'name the argument: without one an operation looks at every string anywhere in the arguments',
  ),
  PL1112: error(
    (p: { path: string; reason: string }) => `\`${p.path}\` is not an argument path: ${p.reason}`,
    () => 'write names joined by dots, `[*]` for every element of an array: `items[*].price`',
  ),
  PL1113: error(
    () => 'a rule needs a `pattern`, a `when`, or both, or one kind of rule about the whole plan',
    () =>
      'write `pattern: {tool: payments.transfer, operation: amount_gt, value: 10000}`, `when:` with a condition, or a kind such as `max_calls:`',
  ),
  PL1119: error(
    (p: { name: string }) => `\`${p.name}\` is the name of a setting, and of the rule that it makes`,
    () => 'give the rule a name of its own; reports and exceptions tell rules apart by it',
  ),
  PL1120: error(
    (p: { key: string; operation: string; known: readonly string[] }) =>
      `\`${p.key}\` says nothing about \`${p.operation}\`, which compares no texts`,
    (p) => `it goes with ${p.known.join(', ')}`,
  ),
  PL1118: error(
    (p: { operation: string; many: string }) =>
      `under \`not\`, \`${p.operation}\` would be satisfied by any one of ${p.many}`,
    () =>
      'name one argument, or use the opposite operation without `not` (`not_matches`, `not_in`, `lte`), which any element breaks',
  ),
  PL1121: error(
    (p: { rule: string }) =>
      `\`${p.rule}\` looks at the plan as a whole, and cannot have \`references: allow\``,
    () =>
      "only rules over one step, and bounds, leave a value to the run; sums and orders are put off by `values: 'later'` alone",
  ),
  PL1124: error(
    () => '`value` and `value_from` both say what to compare with',
    () =>
      'keep `value` for what the policy says, `value_from` for what the caller says when a plan is decided',
  ),
  PL1125: error(
    (p: { written: string }) => `\`${p.written}\` leads to no value that the caller vouches for`,
    () => 'write the way into the context by names, `context.payees`, without `[*]`',
  ),
  PL1126: error(
    (p: { key: string; operation: string; known: readonly string[] }) =>
      `\`${p.key}\` says nothing about \`${p.operation}\``,
    (p) => `it goes with ${p.known.join(', ')}`,
  ),
  PL1123: error(
    (p: { operation: string; asksOfAbsence: boolean }) =>
      p.asksOfAbsence
        ? `\`optional\` says nothing about \`${p.operation}\`, which itself asks whether the argument is there`
        : '`optional` needs an `arg`: texts anywhere in the arguments are never missing',
    () => 'remove `optional`, or test one argument by another operation',
  ),
  PL1122: error(
    (p: { name: string }) => `two policies of this file are called \`${p.name}\``,
    () => 'give one of them another name: reports, weights and exceptions tell policies apart by it',
  ),
  PL1117: error(
    () => 'a rule about the plan as a whole takes a `when` and no `pattern`',
    () => 'a pattern looks at one step; write the condition over `plan.steps`',
  ),
  PL1114: error(
    (p: { glob: string; reason: string }) => `\`${p.glob}\` is not a tool name or glob: ${p.reason}`,
    () => 'write a name such as `payments.transfer`, or `*` for any run of characters: `payments.*`',
  ),
  PL1115: error(
    (p: { key: string; open: boolean }) =>
      p.open
        ? `\`${p.key}\` has \`mode: default\` but no \`domain\``
        : `\`${p.key}\` has a \`domain\` but not \`mode: default\``,
    () => 'write both: children may set a default anew, within its domain; a guardrail has neither',
  ),
  ...ofReferences,

  ...ofViews,

  ...ofWholePlan,

  ...ofReading,

  // 2-resolve
  PL2001: error(
    (p: { name: string; near: string | null }) =>
      `\`${p.name}\` names no policy file in the policy directory`,
    (p) => didYouMean(p.near, 'write a path relative to this file, or the name of a policy'),
  ),
  PL2002: error(
    (p: { cycle: readonly string[] }) => `policies extend each other in a circle: ${p.cycle.join(' → ')}`,
    () => 'remove one of these `extends`; what they share belongs into a file that all of them extend',
  ),
  PL2003: error(
    (p: { name: string; files: readonly string[] }) => `\`${p.name}\` can mean ${p.files.join(' or ')}`,
    () => 'write the path of the file instead of the name',
  ),
  PL2004: error(
    (p: { path: string }) => `\`${p.path}\` is outside the policy directory`,
    () => 'only files inside the policy directory are read; copy the file into it',
  ),
  PL2006: error(
    (p: { depth: number; limit: number }) =>
      `the chain of \`extends\` is ${p.depth} files long, more than ${p.limit}`,
    () => 'flatten the chain; base, domain, team and environment need four',
  ),
  PL2008: error(
    () => 'the policy directory holds no policy file',
    () => 'policy files end in `.yaml` or `.yml`',
  ),
  PL2009: error(
    () => 'this policy is a symbolic link that leads out of the policy directory, or nowhere',
    () => 'a link is followed to a file inside the directory; put the file itself there',
  ),
  PL2010: error(
    () => 'this file looks like a policy and is not read because of its name',
    () => 'policies end in `.yaml` or `.yml`, in lower case; the configuration is called `plan-lint.yaml`',
  ),
  PL2011: error(
    (p: { url: string }) => `\`${p.url}\` is not fetched: parents are files of the policy directory`,
    () =>
      'save it there and pin what you have read: `extends: vendor/base.yaml#sha256=<digest>`, the digest as `sha256sum` prints it',
  ),
  PL2012: error(
    (p: { written: string }) => `\`${p.written}\` has a pin that cannot be read`,
    () => 'a pin is `#sha256=` and 64 lower-case hexadecimal digits behind the path of a file',
  ),
  PL2013: error(
    (p: { path: string; found: string; pinned: string }) =>
      `\`${p.path}\` has the digest \`${p.found}\`, not the pinned \`${p.pinned}\``,
    () => 'the file has changed since it was pinned: read what is new in it before you pin its digest',
  ),
  PL2014: error(
    (p: { name: string; other: string }) => `\`${p.name}\` passes for \`${p.other}\``,
    () => 'rename one: a reader, or a file system without case, takes one for the other',
  ),
  PL2015: error(
    (p: { path: string; near: string | null }) =>
      `the base \`${p.path}\` that every entry must extend is not there`,
    (p) => didYouMean(p.near, 'write the path of a policy file in this directory'),
  ),
  PL2016: error(
    (p: { entry: string; base: string }) => `the entry \`${p.entry}\` does not stand on \`${p.base}\``,
    (p) => `every entry must extend \`${p.base}\`, itself or through its parents: \`require_base\` says so`,
  ),
  PL2101: error(
    (p: { id: string }) => `the rule \`${p.id}\` is declared twice`,
    () => 'rename one of them; a child does not replace a rule of its parent',
  ),
  PL2102: error(
    (p: { setting: string; parent: string; child: string; law: string }) =>
      `\`${p.setting}: ${p.child}\` is weaker than the inherited \`${p.parent}\``,
    (p) => `${p.law}; a child may only tighten what it inherits`,
  ),
  PL2103: error(
    (p: { key: string; first: string; second: string }) =>
      `no value can satisfy both bounds of \`${p.key}\`: ${p.first} and ${p.second}`,
    () =>
      'the intersection is empty, so every call would be refused; remove the tool from `allow_tools` if that is meant',
  ),
  PL2104: error(
    (p: { tool: string; parent: string }) =>
      `\`${p.tool}\` is not covered by the inherited \`allow_tools: ${p.parent}\``,
    () =>
      'every list must allow the tool; a child may only narrow it, so ask the owner of the parent to allow the tool',
  ),
  PL2105: error(
    (p: { name: string; files: readonly string[] }) =>
      `the entry name \`${p.name}\` is taken by ${p.files.join(' and ')}`,
    () => 'give one of the files a top-level `name:` of its own',
  ),
  PL2106: error(
    (p: { name: string; near: string | null; known: readonly string[] }) => `there is no entry \`${p.name}\``,
    (p) => didYouMean(p.near, `entries: ${p.known.join(', ')}`),
  ),
  PL2107: error(
    (p: { key: string; text: string }) => `the bound of \`${p.key}\` is empty: ${p.text}`,
    () => 'the first number is the minimum, the second the maximum',
  ),
  PL2108: warning(
    (p: { name: string; near: string | null }) =>
      `\`${p.name}\` in \`risk_weights\` names no rule and no category`,
    (p) => didYouMean(p.near, 'the weight has no effect; name a rule, or a category such as `raw_secret`'),
  ),
  PL2109: error(
    (p: { setting: string; value: string; domain: string }) =>
      `\`${p.setting}: ${p.value}\` is outside the domain \`${p.domain}\``,
    () => 'a default may be set anew within the domain its parent declares; ask the owner of the parent',
  ),
  PL2110: error(
    (p: { setting: string; parent: string; child: string }) =>
      `\`${p.setting}: ${p.child}\` would turn the inherited guardrail \`${p.parent}\` into a default`,
    () => 'guardrails stay guardrails; remove `mode` and `domain`',
  ),
  PL2111: error(
    (p: { key: string; first: string; second: string }) =>
      `the parents read the bound \`${p.key}\` differently: as one of \`${p.first}\` and as one of \`${p.second}\``,
    () => 'name the tool beside the bound in both files, in `allow_tools` or in a rule',
  ),

  ...ofRefining,

  // 3-lower
  PL3001: error(
    (p: { key: string }) => `\`${p.key}\` names a tool but no argument`,
    () => 'write tool and argument: `payments.transfer.amount`',
  ),
  PL3002: warning(
    (p: { key: string; tool: string; arg: string }) =>
      `no tool named at the start of \`${p.key}\` is known; taken as the argument \`${p.arg}\` of \`${p.tool}\``,
    () => 'name the tool in `allow_tools` or in a rule, so that the split does not have to be guessed',
  ),
  PL3101: error(
    (p: { reason: string; hint: string }) => p.reason,
    (p) => p.hint,
  ),
  PL3102: error(
    (p: { shown: string; left: string }) => `\`${p.shown}\` is found in no normalised text`,
    (p) =>
      p.left === ''
        ? 'it consists of characters that normalising removes; leave `normalize` out to look for them as they are written'
        : `write it as it reads then, \`${p.left}\`, or leave \`normalize\` out`,
  ),
  ...ofViewOperands,

  PL3201: error(
    (p: { reason: string; hint: string }) => `this condition is not CEL: ${p.reason}`,
    (p) => p.hint || `what a condition may say stands in ${documentOf('cel.md')}`,
  ),
  PL3202: error(
    (p: { reason: string; hint: string }) => `this condition has a type error: ${p.reason}`,
    (p) => p.hint || `numbers of a plan are doubles; conversions stand in ${documentOf('cel.md')}`,
  ),
  PL3203: error(
    (p: { reason: string; hint: string }) => `this condition names something unknown: ${p.reason}`,
    (p) => p.hint || 'a condition may use `step`, `plan`, `context`, `params` and `now`',
  ),
  PL3204: error(
    (p: { reason: string; hint: string }) => `this condition cannot be compiled: ${p.reason}`,
    (p) => p.hint || `what is refused, and why, stands in ${documentOf('cel.md')}`,
  ),

  PL3205: error(
    (p: { name: string }) => `what narrows a rule about the whole plan cannot ask of \`${p.name}\``,
    () => 'it is asked of each step alone; ask of `step`, `context` and `params`',
  ),

  ...ofChecking,

  ...ofLint,
} as const;

export type DiagnosticCode = keyof typeof catalog;
export type DiagnosticParams<C extends DiagnosticCode> = Parameters<(typeof catalog)[C]['text']>[0];
