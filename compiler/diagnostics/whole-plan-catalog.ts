import { error } from './entry.ts';

/** 1-parse and 2-resolve: rules about the whole plan. */
export const ofWholePlan = {
  PL1301: error(
    (p: { kind: string; other: string }) => `\`${p.other}\` cannot stand beside \`${p.kind}\` in one rule`,
    () => 'a rule about the whole plan is of one kind, and is asked once; write two rules',
  ),
  PL1302: error(
    (p: { where: string; key: string; other: string }) => `${p.where} needs \`${p.key}\` or \`${p.other}\``,
    (p) => `add \`${p.key}:\`, or \`${p.other}:\`, or both`,
  ),
  PL1303: error(
    (p: { path: string; key: string }) =>
      `\`${p.path}\` leads to several values, where \`${p.key}\` needs one`,
    () => 'name one value, by a path without `[*]`',
  ),
  PL1304: error(
    () => '`allow_while_owed` is asked nowhere without `until: only`',
    () => 'add `until: only`, which admits nothing else while something is owed, or remove the list',
  ),
  PL1305: error(
    (p: { key: string }) => `\`${p.key}\` cannot stand beside \`of\``,
    () => '`of` says by tool what is added up; write tool and argument as one of its items',
  ),
  PL1306: error(
    (p: { first: string; second: string }) =>
      `\`${p.first}\` and \`${p.second}\` of two items of \`of\` may be the same tool`,
    () => 'a call has one amount, so each tool belongs to one item; name the tools of each item apart',
  ),
  PL2301: error(
    (p: { key: string; rule: string; kind: string; may: string }) =>
      `\`${p.key}\` cannot refine \`${p.rule}\`, a rule of the kind \`${p.kind}\``,
    (p) => `a child may refine ${p.may}; declare a rule of your own for the rest`,
  ),
  PL2302: error(
    (p: { rule: string; name: string }) =>
      `the limit of \`${p.rule}\` is the parameter \`${p.name}\`, which \`value\` cannot replace`,
    (p) => `bind the parameter: \`params: { ${p.name}: … }\``,
  ),
};
