/** A thread that compiles policies and signs them with a key that lives as long as the call. */
import { bundleSource, CompileFailure, UsageError } from 'plan-lint/bundles';
import type { Capability } from '@plan-lint/runtime/contract';
import { answerOnce } from './answer-once.ts';

export interface CompileQuestion {
  /** A directory or a file. */
  readonly path: string;
  readonly capabilities: readonly Capability[];
}

export type CompileAnswer =
  | {
      readonly module: Uint8Array;
      readonly sidecars: readonly Uint8Array[];
      readonly trust: Uint8Array;
      /** Warnings, as a terminal shows them. */
      readonly told: string;
    }
  | { readonly problem: string; readonly told: string };

export async function work({ path, capabilities }: CompileQuestion): Promise<CompileAnswer> {
  const told: string[] = [];
  const surroundings = {
    stderr: (text: string) => void told.push(text),
    now: () => Date.now(),
    env: {},
    cwd: '/',
    cache: false,
  } as const;
  try {
    const source = await bundleSource({ policyDir: path, capabilities }, surroundings);
    return {
      module: new Uint8Array(source.module),
      sidecars: (source.sidecars ?? []).map((each) => new Uint8Array(each)),
      trust: new Uint8Array(source.trust),
      told: told.join(''),
    };
  } catch (error) {
    const isOurs = error instanceof CompileFailure || error instanceof UsageError;
    if (isOurs || (error instanceof Error && 'syscall' in error))
      return { problem: error.message, told: told.join('') };
    throw error;
  }
}

answerOnce(work);
