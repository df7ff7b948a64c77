import { RUNTIME_VERSION } from '@plan-lint/runtime/contract';

/** Compiler and runtime are released together, under one version. */
export const VERSION = RUNTIME_VERSION;
