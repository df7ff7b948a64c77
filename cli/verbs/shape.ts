import type { Command } from 'commander';
import type { VerbShape } from '../commands/completion.ts';

/** The verbs of a program, for a shell that completes them. */
export function shapesOf(command: Command): readonly VerbShape[] {
  return command.commands.map((verb) => ({
    name: verb.name(),
    summary: verb.description(),
    flags: verb.options.map((option) => ({
      name: option.long ?? option.flags,
      summary: option.description,
      choices: option.argChoices ?? null,
      takesValue: option.required || option.optional,
    })),
    choices: verb.registeredArguments[0]?.argChoices ?? null,
    verbs: shapesOf(verb),
  }));
}
