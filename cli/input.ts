import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { compile, directoryHost, renderDiagnostic } from '../compiler/index.ts';
import type { Compiled, Diagnostic } from '../compiler/index.ts';
import { decodeUtf8 } from '../compiler/host.ts';
import { parseJson } from '@plan-lint/runtime/json';
import { CompileFailure, UsageError } from './failure.ts';
import type { Io } from './io.ts';

/** Compiles a policy directory and writes its diagnostics to stderr. @throws CompileFailure */
export async function compileDirectory(
  directory: string,
  entries: readonly string[],
  io: Io,
): Promise<Compiled> {
  const { result, diagnostics } = await compile(directoryHost(resolve(io.cwd, directory)), { entries });
  showDiagnostics(diagnostics, io);
  if (!result) throw new CompileFailure(`the policies in ${directory} do not compile`);
  return result;
}

export function showDiagnostics(diagnostics: readonly Diagnostic[], io: Io): void {
  for (const diagnostic of diagnostics) io.stderr(`${renderDiagnostic(diagnostic)}\n`);
  const count = (severity: Diagnostic['severity']): number =>
    diagnostics.filter((d) => d.severity === severity).length;
  if (diagnostics.length > 0) io.stderr(`${count('error')} errors, ${count('warning')} warnings\n`);
}

/** Name of a bundle whose policies do not give one: that of their directory. */
export function directoryName(directory: string, io: Io): string {
  return basename(resolve(io.cwd, directory)) || 'policies';
}

const MAX_PLAN_DEPTH = 200;

/**
 * Reads a plan from a file, or from standard input for `-`. Duplicate keys are refused: another reader might
 * take the other one.
 *
 * @throws UsageError for what is not JSON in UTF-8
 */
export async function readPlan(path: string, io: Io): Promise<unknown> {
  const bytes = path === '-' ? await io.stdin() : await readFile(resolve(io.cwd, path));
  const text = decodeUtf8(bytes);
  if (text === null) throw new UsageError(`the plan \`${path}\` is not UTF-8 text`, 'save it as UTF-8');
  try {
    return parseJson(text, MAX_PLAN_DEPTH);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(
      `the plan \`${path}\` cannot be read: ${error.message}`,
      'a plan is one JSON object: {"steps": [{"id", "tool", "args"}]}',
    );
  }
}
