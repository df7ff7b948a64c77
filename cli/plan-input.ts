import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseJson } from '@plan-lint/runtime/json';
import { decodeUtf8 } from '../compiler/host.ts';
import { UsageError } from './failure.ts';
import type { Io } from './io.ts';

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
    // Text of several megabytes in one string is more than the reader's stack takes.
    if (error instanceof RangeError)
      throw new UsageError(`the plan \`${path}\` is too large to be read`, 'plans of this size are refused');
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(
      `the plan \`${path}\` cannot be read: ${error.message}`,
      'a plan is one JSON object: {"steps": [{"id", "tool", "args"}]}',
    );
  }
}
