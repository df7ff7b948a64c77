/** `plan-lint schema`: the shape of policies as JSON Schema, for editors and for other checkers. */
import { schemaText } from '../../compiler/index.ts';
import type { publishedSchemas } from '../../compiler/index.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';

export interface SchemaOptions {
  readonly of: keyof typeof publishedSchemas;
}

export function schema({ of }: SchemaOptions, io: Io): Promise<number> {
  io.stdout(schemaText(of));
  return Promise.resolve(EXIT.ok);
}
