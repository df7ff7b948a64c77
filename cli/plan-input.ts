import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { decodeUtf8 } from '../compiler/inspect.ts';
import { placed, readPlan as readPlanText } from '../plans/read.ts';
import type { PlanProblem, PlanProblemCode, PlanReading } from '../plans/read.ts';
import { importPlan } from '../plans/formats/index.ts';
import type { ImportedPlan } from '../plans/formats/index.ts';
import { UsageError } from '../bundles/failure.ts';
import type { Io } from './terminal/io.ts';

/**
 * Reads a plan from a file, or from standard input for `-`. Duplicate keys are refused: another reader might
 * take the other one.
 *
 * @throws UsageError for what is not JSON in UTF-8
 */
export async function readPlan(path: string, io: Io): Promise<unknown> {
  const { reading, text } = await readingOf(path, io);
  if (reading.ok) return reading.plan;
  throw unreadableFile(path, reading.problem, text);
}

const unreadableFile = (path: string, problem: PlanProblem, text: string): UsageError =>
  new UsageError(`the plan \`${path}\` cannot be read: ${placed(problem, text)}`, HINTS[problem.code]);

/** A plan and where it stands. */
export interface NamedPlan {
  readonly name: string;
  readonly plan: unknown;
}

/** The plans of a file: one, or, in JSON Lines, one a line. @throws UsageError for one that cannot be read */
export async function readPlans(path: string, io: Io): Promise<readonly NamedPlan[]> {
  if (!/\.(?:jsonl|ndjson)$/.test(path)) return [{ name: path, plan: await readPlan(path, io) }];
  const text = await readText(path, io);
  return text.split('\n').flatMap((line, i): readonly NamedPlan[] => {
    if (line.trim() === '') return [];
    const name = `${path}:${i + 1}`;
    const reading = readPlanText(line);
    if (!reading.ok) throw unreadableFile(name, reading.problem, line);
    return [{ name, plan: reading.plan }];
  });
}

interface PlanFileReading {
  readonly reading: PlanReading;
  readonly text: string;
}

/** What stands in a file. @throws UsageError for what is not UTF-8 */
async function readingOf(path: string, io: Io): Promise<PlanFileReading> {
  const text = await readText(path, io, 'plan');
  return { reading: readPlanText(text), text };
}

/**
 * Reads a plan that is to be decided, from what stood in its file: one that two readers would take for different plans is for the decision to deny.
 *
 * @throws UsageError for what is not JSON in UTF-8
 */
export function planOrProblem(path: string, bytes: Uint8Array, io: Io, format: string): PlanReading {
  const text = textOf(path, bytes, 'plan');
  const reading = readPlanText(text);
  if (format !== 'plan' && !(format === 'auto' && reading.ok && isPlan(reading.plan)))
    return { ok: true, plan: readImported(path, text, format, io).plan };
  if (reading.ok) return reading;
  const { problem } = reading;
  if (problem.code === 'plan.unreadable') throw unreadableFile(path, problem, text);
  return { ok: false, problem: { ...problem, message: placed(problem, text) } };
}

const isPlan = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'steps' in value &&
  Array.isArray(value.steps) &&
  value.steps.every((step) => typeof step === 'object');

/** A text of another format as a plan; what is lost is said. @throws UsageError where it is none */
export function readImported(path: string, text: string, format: string, io: Io): ImportedPlan {
  const read = importPlan(text, format);
  if (!read.ok) {
    const { message, hint } = read.problem;
    throw new UsageError(`\`${path}\` cannot be read as a plan: ${message}`, hint);
  }
  const { imported } = read;
  if (format === 'auto') io.stderr(`note: ${path}: read as \`${read.format}\`\n`);
  for (const note of imported.notes) io.stderr(`note: ${path}: ${note}\n`);
  return imported;
}

/** The text of a file, or of standard input for `-`. @throws UsageError for what is not UTF-8 */
export async function readText(path: string, io: Io, what: 'file' | 'plan' = 'file'): Promise<string> {
  return textOf(path, await readBytes(path, io), what);
}

/** What stands in a file, or comes by standard input for `-`. */
export const readBytes = (path: string, io: Io): Promise<Uint8Array> =>
  path === '-' ? io.stdin() : readFileOf(path, io);

function textOf(path: string, bytes: Uint8Array, what: 'file' | 'plan'): string {
  const text = decodeUtf8(bytes);
  if (text === null) throw new UsageError(`the ${what} \`${path}\` is not UTF-8 text`, 'save it as UTF-8');
  return text;
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
