/** `plan-lint completion`: completes verbs and flags in a shell. Its flags only; the work is in commands/. */
import { Argument } from 'commander';
import type { CompletionOptions } from '../commands/completion.ts';
import { example } from './words.ts';
import type { Registrar } from './words.ts';

export function addCompletion({ verb, io, done, program }: Registrar): void {
  verb('completion', 'print a script that completes verbs and flags in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', example('source <(plan-lint completion bash)'))
    .action(async (shell: CompletionOptions['shell']) => {
      const { shapesOf } = await import('./shape.ts');
      const { completion } = await import('../commands/completion.ts');
      done(await completion({ shell, verbs: shapesOf(program) }, io));
    });
}
