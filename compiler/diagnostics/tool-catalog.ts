import { didYouMean, error, oneOf, warning } from './entry.ts';

const argumentsHere = (known: readonly string[]): string =>
  known.length === 0
    ? 'the schema of the tool leaves no room for it'
    : `arguments there: ${known.map((name) => `\`${name}\``).join(', ')}`;

const FORMS =
  'a tool catalog is what an MCP server answers to `tools/list`: `{"tools": [{"name": …, "inputSchema": …}]}`';

const leaveOut = (tool: string): string =>
  `\`leave_out: [${tool}]\` under \`catalog:\` in \`plan-lint.yaml\``;

/** 1-parse: the file of the tool catalog. */
const SCHEMAS_ON_A_WAY = 'schemas, one inside the other or behind its `$ref`';
const FORMS_OF_CHOICES = 'forms of `anyOf` or `oneOf`';

export const ofReading = {
  PL1501: error(
    (p: { reason: string }) => `this is not valid JSON: ${p.reason}`,
    () => FORMS,
  ),
  PL1502: error(
    (p: { path: string; reason: string }) => `the tool catalog \`${p.path}\` cannot be read: ${p.reason}`,
    () => 'write the path of a JSON file inside the policy directory: `catalog: tools.json`',
  ),
  PL1503: error(
    (p: { name: string }) => `the tool \`${p.name}\` is in the catalog twice`,
    () => 'keep one of them: a policy could be checked against the one and a plan run by the other',
  ),
  PL1504: error(
    (p: { name: string; reason: string }) => `\`${p.name}\` is not the name of a tool: ${p.reason}`,
    (p) => `plans that use such a name are refused; rename the tool, or leave it out: ${leaveOut(p.name)}`,
  ),
  PL1505: error(
    (p: { tool: string; reason: string }) => `the input of \`${p.tool}\` is not a JSON Schema: ${p.reason}`,
    (p) =>
      `schemas are JSON Schema 2020-12, or the draft that \`$schema\` names; a tool that cannot be mended: ${leaveOut(p.tool)}`,
  ),
  PL1506: error(
    (p: { ref: string; reason: string }) => `the reference \`${p.ref}\` cannot be followed: ${p.reason}`,
    () => 'refer to a place in the same schema: `#/$defs/address`',
  ),
  PL1507: error(
    () => 'this is one page of a tool list, and more follow',
    () =>
      'ask the server for every page, and put their tools into one list without `nextCursor`, or the pages into a list',
  ),
  PL1508: error(
    (p: { tool: string; depth: number; limit: number; areForms?: boolean }) =>
      `the input of \`${p.tool}\` leads through ${p.depth} ${p.areForms === true ? FORMS_OF_CHOICES : SCHEMAS_ON_A_WAY}, more than ${p.limit}`,
    (p) =>
      p.areForms === true
        ? 'take `enum` for a list of values, and one form for all that differ in little'
        : 'shorten the way to this place: leave out schemas that only refer to another, or describe less',
  ),
  PL1509: error(
    (p: { reason: string }) => `this is not a list of tools: ${p.reason}`,
    () => `${FORMS}; the \`tools\` of OpenAI, Anthropic and Gemini are read too`,
  ),
  PL1510: warning(
    (p: { key: string; where: string }) => `the member \`${p.key}\` of ${p.where} is not read`,
    () => 'what it says is not known here; if it restricts what the tool may do, write a rule for it',
  ),
  PL1511: error(
    (p: { tool: string }) => `the tool \`${p.tool}\` has no input schema`,
    (p) => `add \`inputSchema\`; a tool that the model brings along has none: ${leaveOut(p.tool)}`,
  ),
  PL1512: error(
    (p: { name: string; near: string | null }) =>
      `\`leave_out\` names the tool \`${p.name}\`, which is not in the catalog`,
    (p) => didYouMean(p.near, 'take the name out: there is nothing to leave out'),
  ),
} as const;

/** 3-lower: policies against the tool catalog. */
export const ofChecking = {
  PL3301: error(
    (p: { setting: string }) => `\`${p.setting}\` needs a tool catalog, and there is none`,
    () => 'name it in `plan-lint.yaml`: `catalog: tools.json`',
  ),
  PL3302: error(
    (p: { tool: string; near: string | null }) => `the catalog has no tool \`${p.tool}\``,
    (p) => didYouMean(p.near, 'add the tool to the catalog, or take the name out'),
  ),
  PL3303: warning(
    (p: { glob: string }) => `\`${p.glob}\` matches no tool of the catalog`,
    () => 'check the spelling; a glob that is there for tools to come may stay',
  ),
  PL3304: error(
    (p: { tool: string; arg: string; near: string | null; known: readonly string[] }) =>
      `\`${p.tool}\` can have no argument \`${p.arg}\``,
    (p) => didYouMean(p.near, argumentsHere(p.known)),
  ),
  PL3305: warning(
    (p: { tool: string; arg: string; near: string | null; known: readonly string[] }) =>
      `the catalog lists no argument \`${p.arg}\` of \`${p.tool}\``,
    (p) => didYouMean(p.near, argumentsHere(p.known)),
  ),
  PL3306: error(
    (p: { what: string; arg: string; tool: string; is: string }) =>
      `${p.what} says nothing about the argument \`${p.arg}\` of \`${p.tool}\`, which is ${p.is}`,
    () => 'such a rule would fire on every call or on none; use an operation for what the argument is',
  ),
  PL3307: error(
    (p: { arg: string; tool: string; is: string; values: readonly string[] }) =>
      `the argument \`${p.arg}\` of \`${p.tool}\` is never ${oneOf(p.values)}: it is ${p.is}`,
    () => 'write a value that the catalog admits, with its type (`5` is a number, `"5"` a string)',
  ),
  PL3308: warning(
    (p: { arg: string; tool: string; is: string; values: readonly string[] }) =>
      `the argument \`${p.arg}\` of \`${p.tool}\` is never ${oneOf(p.values)}: it is ${p.is}`,
    () => 'these values of the list have no effect; check their spelling and type',
  ),
  PL3309: error(
    (p: { tool: string; reason: string }) =>
      `the input schema of \`${p.tool}\` cannot be compiled: ${p.reason}`,
    () =>
      '`validate_args` promises that every call satisfies its schema, so what cannot be checked is refused',
  ),
  PL3310: warning(
    (p: { tool: string; near: string | null }) =>
      `the catalog has no tool \`${p.tool}\`, which an inherited policy names`,
    (p) => didYouMean(p.near, 'a policy that others extend may serve several catalogs; check the spelling'),
  ),
} as const;
