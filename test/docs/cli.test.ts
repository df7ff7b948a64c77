/** `docs/cli.md`: every verb and flag, made from the program itself. */
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { commandLine } from '../../cli/program.ts';
import { checkPage } from './page.ts';

const nowhere = {
  stdout: (): void => undefined,
  stderr: (): void => undefined,
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function section(command: Command, parents: string): readonly string[] {
  const name = `${parents} ${command.name()}`;
  const inner = command.commands.filter((each) => each.name() !== 'help');
  if (inner.length > 0) return inner.flatMap((each) => section(each, name));
  const lines = [`## \`${name.trim()}\``, '', command.description(), ''];
  lines.push('```console', `$ ${name.trim()} ${command.usage()}`.trimEnd(), '```', '');
  const rows = [
    ...command.registeredArguments.map((argument) => [argument.name(), argument.description]),
    ...command.options.map((option) => {
      const choices = option.argChoices ? ` One of ${option.argChoices.join(', ')}.` : '';
      const fallback = option.defaultValue as unknown;
      const byDefault =
        typeof fallback === 'string' || typeof fallback === 'number' ? ` Default: ${fallback}.` : '';
      return [option.flags, `${option.description}.${choices}${byDefault}`];
    }),
  ];
  if (rows.length > 0) {
    lines.push('| | |', '| --- | --- |');
    lines.push(...rows.map(([flag = '', text = '']) => `| \`${cell(flag)}\` | ${cell(text)} |`), '');
  }
  return lines;
}

it('docs/cli.md lists every verb and flag', () => {
  const program = commandLine(nowhere as never, () => undefined);
  const verbs = program.commands.filter((command) => command.name() !== 'help');
  expect(verbs.length).toBeGreaterThan(10);
  const lines = [
    '# The command line',
    '',
    '*Reference.* Made from the program itself by `npm run goldens`; `plan-lint VERB --help` says the same, with examples.',
    '',
    '```console',
    '$ plan-lint validate plan.json --policy-dir policies',
    '```',
    '',
    'Exit codes: 0 fine, 1 findings or failed tests, 2 wrong usage or unreadable input, 3 policies that do not compile, 4 signature or trust failure.',
    '',
    ...verbs.flatMap((command) => section(command, 'plan-lint')),
  ];
  checkPage('docs/cli.md', lines.join('\n'));
});
