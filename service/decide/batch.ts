/** A batch: lines come as a stream, are decided in threads, written down, and answered in their order. */
import type { Readable } from 'node:stream';
import { splitLines } from 'plan-lint/plans';
import type { Deps } from '../deps.ts';
import { HttpError } from '../http/error.ts';
import type { Chosen } from '../policy/registry.ts';
import type { BlockItem, BlockQuestion } from './block.ts';
import { contextOf } from './caller.ts';
import { NO_BUNDLE, outcomeOf, refusal } from './decision.ts';
import type { Asked, Outcome } from './decision.ts';
import { count, record } from './record.ts';

export interface BatchOptions {
  readonly chosen: Chosen | null;
  readonly asked: Asked;
  readonly values: 'now' | 'later';
  readonly isRecord: boolean;
  readonly deps: Deps;
}

/** One plan of a batch, decided and written down. */
export interface BatchLine {
  readonly line: number;
  readonly planId: string;
  readonly outcome: Outcome;
  readonly isRecorded: boolean;
}

/** Lines of one chunk that are decided at a time: enough to keep a thread busy, few enough to be held. */
const BLOCK = 64 * 1024;

/** @throws HttpError `too_large` */
async function* limited(stream: Readable, most: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > most) throw new HttpError('too_large');
    // A chunk may be as large as its sender likes.
    for (let at = 0; at < chunk.length; at += BLOCK) yield chunk.subarray(at, at + BLOCK);
  }
}

const MISSING = { code: NO_BUNDLE.rule, message: NO_BUNDLE.message };

export async function* decideLines(stream: Readable, options: BatchOptions): AsyncGenerator<BatchLine> {
  const { chosen, asked, values, isRecord, deps } = options;
  const context = contextOf(asked.caller, asked.environment);
  const questionOf = (line: number, bytes: Uint8Array, problem: string | undefined): BlockQuestion => ({
    entry: chosen?.policy.entry ?? null,
    kind: 'lines',
    line,
    // A copy: what comes from the network may share its memory with other requests.
    bytes: new Uint8Array(bytes),
    ...(problem !== undefined && { problem }),
    context,
    isRecord,
    includesArgs: asked.includesArgs,
    now: deps.now(),
    values,
  });
  const underway: Promise<readonly BlockItem[]>[] = [];
  const ask = (question: BlockQuestion): Promise<readonly BlockItem[]> =>
    chosen
      ? deps.pools.with(chosen.slot, (hand) => hand(question))
      : Promise.resolve(linesOf(question).map((line) => ({ line, problem: MISSING, sha256: '' })));
  for await (const { line, bytes, problem } of splitLines(limited(stream, deps.config.limits.batch_body))) {
    const asking = ask(questionOf(line, bytes, problem));
    // Awaited in its turn; one that fails meanwhile must not end the process.
    asking.catch(() => undefined);
    underway.push(asking);
    if (underway.length > deps.pools.jobs * 2) yield* settle(await (underway.shift() ?? []), options);
  }
  for (const asking of underway) yield* settle(await asking, options);
}

/** Numbers of the lines that hold something. */
function linesOf({ bytes, line }: BlockQuestion): readonly number[] {
  const texts = Buffer.from(bytes).toString('latin1').split('\n');
  return texts.flatMap((text, i) => (text.trim() === '' ? [] : [line + i]));
}

/** All lines of a block are written down before one of them is answered. */
async function* settle(
  items: readonly BlockItem[],
  { chosen, asked, deps }: BatchOptions,
): AsyncGenerator<BatchLine> {
  const start = performance.now();
  const outcomes = items.map((item) => ({ line: item.line, outcome: outcomeFor(item, chosen, asked) }));
  const recorded = await Promise.all(outcomes.map(({ outcome }) => record(outcome.event, deps)));
  for (const [i, { line, outcome }] of outcomes.entries()) {
    count(outcome, asked.caller.identity.team, start, deps);
    yield { line, planId: outcome.event.plan_id, outcome, isRecorded: recorded[i] ?? false };
  }
}

function outcomeFor(item: BlockItem, chosen: Chosen | null, asked: Asked): Outcome {
  if (chosen && 'data' in item) return outcomeOf(chosen, item.data, item.facts, asked);
  const { code, message } = 'problem' in item ? item.problem : MISSING;
  return refusal(
    { rule: code, message, planId: 'unknown', sha256: 'sha256' in item ? item.sha256 : '' },
    asked,
  );
}
