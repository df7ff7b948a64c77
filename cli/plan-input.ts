import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseJson } from '@plan-lint/runtime/json';
import { decodeUtf8 } from '../compiler/inspect.ts';
import { UsageError } from '../bundles/failure.ts';
import type { Io } from './terminal/io.ts';

const MAX_PLAN_DEPTH = 200;

/**
 * Reads a plan from a file, or from standard input for `-`. Duplicate keys are refused: another reader might
 * take the other one.
 *
 * @throws UsageError for what is not JSON in UTF-8
 */
export async function readPlan(path: string, io: Io): Promise<unknown> {
  const bytes = path === '-' ? await io.stdin() : await readFileOf(path, io);
  const text = decodeUtf8(bytes);
  if (text === null) throw new UsageError(`the plan \`${path}\` is not UTF-8 text`, 'save it as UTF-8');
  try {
    return parseJson(text, MAX_PLAN_DEPTH);
  } catch (error) {
    // Text of several megabytes in one string is more than the reader's stack takes.
    if (error instanceof RangeError)
      throw new UsageError(`the plan \`${path}\` is too large to be read`, 'plans of this size are refused');
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(
      `the plan \`${path}\` cannot be read: ${placed(error.message, text)}`,
      'a plan is one JSON object: {"steps": [{"id", "tool", "args"}]}',
    );
  }
}

async function readFileOf(path: string, io: Io): Promise<Uint8Array> {
  try {
    return await readFile(resolve(io.cwd, path));
  } catch (error) {
    // The file system names no path here.
    if (!(error instanceof Error && 'code' in error && error.code === 'EISDIR')) throw error;
    throw new UsageError(
      `\`${path}\` is a directory, not a plan`,
      'name files; `plan-lint validate-batch --plans-dir` takes a directory',
    );
  }
}

/** A message of the JSON reader with its offset as line and column, for a reader with an editor. */
function placed(message: string, text: string): string {
  return message.replace(/ at offset (\d+)$/, (_found, offset: string) => {
    const lines = text.slice(0, Number(offset)).split('\n');
    return ` at line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
  });
}
