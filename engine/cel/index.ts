/** Everything an emitted condition may call; the bundler keeps what one needs. */
export * from './access.ts';
export * from './arith.ts';
export * from './budget.ts';
export * from './collect.ts';
export * from './compare.ts';
export * from './convert.ts';
export * from './encode.ts';
export * from './format.ts';
export * from './subject.ts';
export * from './logic.ts';
export * from './math.ts';
export * from './optional.ts';
export * from './size.ts';
export * from './string.ts';
export * from './time.ts';
export * from './value.ts';
