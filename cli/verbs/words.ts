/** How flags are read and examples are shown, the same for every verb. */
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { parseSpan } from '../../bundles/instant.ts';
import type { Io } from '../terminal/io.ts';

/** What a verb needs to describe itself. */
export interface Registrar {
  /** Adds a verb that behaves as all do: help, errors, output. */
  readonly verb: (name: string, summary: string, parent?: Command) => Command;
  /** All of them, for what lists them. */
  readonly program: Command;
  readonly io: Io;
  /** Takes the exit code of the command that ran. */
  readonly done: (code: number) => void;
}

export function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('it must be a whole number from 0.');
  return value;
}

export function atLeastOne(text: string): number {
  const value = count(text);
  if (value < 1) throw new InvalidArgumentError('it must be a whole number from 1.');
  return value;
}

/** Milliseconds. */
export function span(text: string): number {
  try {
    return parseSpan(text);
  } catch {
    throw new InvalidArgumentError('write 90d, 12h or 30m.');
  }
}

export function percent(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (text === '' || !(value >= 0 && value <= 100))
    throw new InvalidArgumentError('it must be a percentage from 0 to 100.');
  return value;
}

/** For a flag that may be given several times, one value each. */
export const several = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  text,
];

export function example(...lines: readonly string[]): string {
  return `\nExample:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
}

/** How a verb prints its result; the first is the default. */
export const format = (...choices: readonly string[]): Option => {
  const all = choices.length > 0 ? choices : ['text', 'json'];
  return new Option('--format <format>', 'how to print the result').choices(all).default(all[0]);
};

/** For verbs that have `--format`. */
export const json = (): Option =>
  new Option('--json', 'the same as --format json').implies({ format: 'json' });
