/** Members that another reader of plans would take for ones that are read here: what it runs would not be what was decided. */

declare const isPlain: (value: unknown) => value is Readonly<Record<string, unknown>>;

const OF_PLAN = ['id', 'goal', 'context', 'steps', 'meta'];
const OF_STEP = ['id', 'tool', 'args', 'parameters', 'depends_on', 'on_fail', 'meta'];

/**
 * Names by which other formats call the tool or its arguments, and the format. A module may not spell out the first one,
 * which is a word of the language, so each is an expression.
 */
const FOREIGN: readonly { readonly name: RegExp; readonly format: string }[] = [
  { name: /^argumen[t]s$/, format: 'a tool call of OpenAI or of the Model Context Protocol' },
  { name: /^functio[n]$/, format: 'a tool call of OpenAI' },
  { name: /^toolname$/, format: 'a step of an agent framework, or a tool call of the AI SDK' },
  { name: /^toolinput$/, format: 'an action of LangChain, or the input of a hook' },
];

/** A name of more than one part, as tools have them: `payments.transfer`, `send_money`. */
const LIKE_A_TOOL = /^[A-Za-z]\w*(?:[._-]\w+)+$|^[A-Za-z]\w*_\w+$/;

/** Which format a step looks like by one of its members, as part of a sentence; `''` for a member that misleads nobody. */
export function foreignInStep(key: string, value: unknown, tool: string): string {
  if (key.length <= LONGEST) {
    const bare = bareOf(key);
    const other = FOREIGN.find(({ name }) => name.test(bare));
    if (other) return other.format;
  }
  if (key === 'input' && isPlain(value)) return 'a tool call of Anthropic';
  if (key === 'name' && typeof value === 'string' && value !== tool && LIKE_A_TOOL.test(value))
    return 'a tool call of Anthropic or of the Model Context Protocol';
  return likeOneOf(OF_STEP, key);
}

/** The same for a member of the plan itself. */
export const foreignInPlan = (key: string): string => likeOneOf(OF_PLAN, key);

function likeOneOf(names: readonly string[], key: string): string {
  if (names.includes(key) || key.length > LONGEST) return '';
  const bare = bareOf(key);
  const like = names.find((name) => bareOf(name) === bare);
  return like === undefined ? '' : `\`${like}\` in another spelling`;
}

const LONGEST = 32;

/** As readers compare names that are lenient: those of Go take a long s for an s, and the sign of kelvin for a k. */
const bareOf = (name: string): string =>
  name
    .replace(/[_\s-]/g, '')
    .toUpperCase()
    .toLowerCase();
