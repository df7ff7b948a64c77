/** Everything an emitted condition may call; the bundler keeps what one needs. */
export * from './cel-access.ts';
export * from './cel-arith.ts';
export * from './cel-budget.ts';
export * from './cel-collect.ts';
export * from './cel-compare.ts';
export * from './cel-convert.ts';
export * from './cel-encode.ts';
export * from './cel-format.ts';
export * from './cel-kit.ts';
export * from './cel-logic.ts';
export * from './cel-math.ts';
export * from './cel-optional.ts';
export * from './cel-size.ts';
export * from './cel-string.ts';
export * from './cel-time.ts';
export * from './cel-value.ts';
