import type { PatternEngine } from '../../../compiler/ir/pattern.ts';

/** A pattern, the engine that is expected to decide it, a text it finds and one it does not. */
export type Row = readonly [name: string, engine: PatternEngine, source: string, hit: string, miss: string];
