/** `plan-lint schema`: the shapes of what people write. Its flags only; the work is in commands/. */
import { Argument } from 'commander';
import type { SchemaOptions } from '../commands/schema.ts';
import { example } from './words.ts';
import type { Registrar } from './words.ts';

export function addSchema({ verb, io, done }: Registrar): void {
  verb(
    'schema',
    'print the shape of policies, their tests or plan-lint.yaml as JSON Schema (draft 2020-12), for an editor',
  )
    .addArgument(
      new Argument('[of]', 'policy files, plan-lint.yaml or files of tests')
        .choices(['policy', 'configuration', 'test'])
        .default('policy'),
    )
    .addHelpText('after', example('plan-lint schema > policies/schema/policy.schema.json'))
    .action(async (of: SchemaOptions['of']) =>
      done(await (await import('../commands/schema.ts')).schema({ of }, io)),
    );
}
