import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { decodeUtf8 } from '../compiler/inspect.ts';
import { placed, readPlan as readPlanText } from '../plans/read.ts';
import type { PlanProblemCode } from '../plans/read.ts';
import { UsageError } from '../bundles/failure.ts';
import type { Io } from './terminal/io.ts';

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
  const reading = readPlanText(text);
  if (reading.ok) return reading.plan;
  const { problem } = reading;
  throw new UsageError(`the plan \`${path}\` cannot be read: ${placed(problem, text)}`, HINTS[problem.code]);
}

const HINTS: Readonly<Record<PlanProblemCode, string>> = {
  'plan.unreadable': 'a plan is one JSON object: {"steps": [{"id", "tool", "args"}]}',
  'plan.duplicate_member': 'keep one of the two: readers differ in which one they take',
  'plan.inexact_number':
    'numbers are IEEE doubles, in which integers are exact up to 9007199254740991; quote it if it is an identifier',
};

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
