/** Members that another reader of plans would take for the tool or its arguments are refused; others are kept and ignored. */
import { expect, it } from 'vitest';
import { bundleFrom } from '../support/decide.ts';

const bundle = bundleFrom({ 'p.yaml': 'allow_tools: ["*"]\n' });

async function rulesOf(step: object, plan: object = {}): Promise<readonly string[]> {
  const steps = [{ id: 's1', tool: 'mail.send', args: {}, ...step }];
  return (await bundle)
    .policy()
    .evaluate({ steps, ...plan })
    .violations.map(({ rule, message }) => `${rule}: ${message}`);
}

it.each([
  ['another spelling of a member', { Tool: 'db.drop' }, '`tool`'],
  ['another spelling with a hyphen', { 'depends-on': [] }, '`depends_on`'],
  ['another spelling without one', { dependsOn: [] }, '`depends_on`'],
  ['another spelling of the arguments', { ARGS: { to: 'eve' } }, '`args`'],
  ['arguments', { arguments: '{"to":"eve"}' }, 'OpenAI'],
  ['a function', { function: { name: 'db.drop' } }, 'OpenAI'],
  ['a name of a tool', { name: 'db.drop' }, 'Anthropic'],
  ['an input', { input: { to: 'eve' } }, 'Anthropic'],
  ['a tool name', { tool_name: 'db.drop' }, 'agent framework'],
  ['a tool name in one word', { toolName: 'db.drop' }, 'AI SDK'],
  ['a tool input', { tool_input: {} }, 'LangChain'],
  ['a tool name with a hyphen', { 'tool-name': 'db.drop' }, 'agent framework'],
  ['arguments in capitals', { Arguments: '{"to":"eve"}' }, 'OpenAI'],
  ['a long s', { 'depend\u017f_on': [] }, '`depends_on`'],
  ['the long s of arguments', { 'arg\u017f': { to: 'eve' } }, '`args`'],
  ['a space at an end', { 'tool ': 'db.drop' }, '`tool`'],
])('%s', async (_, step, format) => {
  const [first = ''] = await rulesOf(step);
  expect(first).toContain('plan.shape');
  expect(first).toContain(format);
  expect(first).not.toContain('db.drop');
});

it('a plan whose members are spelled otherwise', async () => {
  expect((await rulesOf({}, { Steps: [] }))[0]).toContain('`steps`');
  // Go's encoding/json folds these, too.
  expect((await rulesOf({}, { '\u017fteps': [] }))[0]).toContain('`steps`');
});

it.each([
  ['a name that is no tool', { name: 'Send the mail' }],
  ['the name of the same tool', { name: 'mail.send' }],
  ['an input that is a text', { input: 'what the person said' }],
  ['what nobody runs', { note: 'x', description: 'y', timeout_ms: 5, steps: 3 }],
])('%s is kept', async (_, step) => {
  expect(await rulesOf(step)).toEqual([]);
});
