/** Patterns of the kinds that policies are written with, in the notations their authors bring along. */
import type { PatternEngine } from '../../compiler/ir/pattern.ts';
import { BUSINESS } from './corpus/business.ts';
import { COMMANDS } from './corpus/commands.ts';
import { PERSONAL_DATA } from './corpus/personal.ts';
import { PROMPTS } from './corpus/prompts.ts';
import { SECRETS } from './corpus/secrets.ts';
import { SQL } from './corpus/sql.ts';

export interface Sample {
  readonly name: string;
  readonly source: string;
  readonly engine: PatternEngine;
  readonly hit: string;
  readonly miss: string;
}

export const CORPUS: readonly Sample[] = [
  ...SECRETS,
  ...PERSONAL_DATA,
  ...SQL,
  ...COMMANDS,
  ...PROMPTS,
  ...BUSINESS,
].map(([name, engine, source, hit, miss]) => ({ name, engine, source, hit, miss }));
