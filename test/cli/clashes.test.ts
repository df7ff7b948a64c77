/** Flags that make no sense together are refused, for every verb that has them. */
import type { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { commandLine, run } from '../../cli/program.ts';
import { CLASHES, clashText, pathOf } from '../../cli/verbs/clashes.ts';
import { place } from './place.ts';

const at = place();
afterAll(() => at.remove());

const leaves = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
const verbs = leaves(commandLine(at.io, () => undefined));
const has = (verb: Command, flag: string): boolean => verb.options.some(({ long }) => long === flag);

/** A command line of a verb with all it demands, and some flags. */
function argvOf(verb: Command, flags: readonly string[]): readonly string[] {
  const words = (flag: string): readonly string[] => {
    const option = verb.options.find(({ long }) => long === flag);
    if (!option?.required) return [flag];
    const example = option.flags.includes('<span>') ? '90d' : '1';
    return [flag, option.argChoices?.[0] ?? example];
  };
  const demanded = verb.options.flatMap(({ long, mandatory }) => (mandatory && long ? [long] : []));
  const all = [...new Set([...demanded.filter((flag) => verb.getOptionValue(flag) === undefined), ...flags])];
  const values = verb.registeredArguments.map(({ argChoices }) => argChoices?.[0] ?? 'x');
  return [...pathOf(verb).split(' '), ...values, ...all.flatMap(words)];
}

const cases = CLASHES.flatMap((clash) => {
  const flags = 'with' in clash ? [clash.flag, clash.with] : [clash.flag];
  const named = verbs.filter((verb) => clash.verbs === '*' || clash.verbs.includes(pathOf(verb)));
  const having = named.filter((verb) => flags.every((flag) => has(verb, flag)));
  return having.map((verb) => ({ name: `${pathOf(verb)}: ${clashText(clash)}`, clash, verb, flags }));
});

describe('flags that make no sense together', () => {
  it.each(cases)('$name', async ({ clash, verb, flags }) => {
    expect(await run(argvOf(verb, flags), at.io)).toBe(2);
    const err = at.err();
    // Another clash of the same flags may come first in the table.
    const said = CLASHES.find((each) => err === `error: ${clashText(each)}\n  hint: ${each.hint}\n`);
    expect(said, err).toBeDefined();
    expect([clash.flag, ...('with' in clash ? [clash.with] : [])]).toContain(said?.flag);
    expect(at.out()).toBe('');
  });

  it('the table names verbs and flags that there are', () => {
    for (const clash of CLASHES) {
      const flags = [clash.flag, ...('with' in clash ? [clash.with] : clash.needs)];
      for (const path of clash.verbs === '*' ? [] : clash.verbs) {
        const verb = verbs.find((each) => pathOf(each) === path);
        expect(verb && flags.filter((flag) => !has(verb, flag)), `${path} ${flags.join(' ')}`).toEqual([]);
      }
    }
    expect(cases.length).toBeGreaterThan(CLASHES.length);
  });

  it('a flag that stands in its place is no clash, whatever the environment names', async () => {
    const io = { ...at.io, env: { PLAN_LINT_POLICY_PATH: 'policies' } };
    expect(await run(['validate', 'p.json', '--bundle', 'none.mjs', '--trust', 't.json'], io)).toBe(2);
    expect(at.err()).toContain('none.mjs');
    expect(await run(['validate', 'p.json', '--trust', 't.json'], io)).toBe(2);
    expect(at.err()).toContain('--trust needs --bundle');
  });
});
