/** `plan-lint schema`: the shapes of what people write as JSON Schema, for editors and for other checkers. */
import { publishedSchemas } from '../../compiler/index.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { testSchema } from '../testing/shape.ts';

/** The schemas, by the name that the verb takes. */
export const SCHEMAS = { ...publishedSchemas, test: testSchema } as const;

export interface SchemaOptions {
  readonly of: keyof typeof SCHEMAS;
}

/** A shape as the text of a file. */
export const shapeText = (of: keyof typeof SCHEMAS): string => `${JSON.stringify(SCHEMAS[of], null, 2)}\n`;

export function schema({ of }: SchemaOptions, io: Io): Promise<number> {
  io.stdout(shapeText(of));
  return Promise.resolve(EXIT.ok);
}
