/** `POST /validate/batch`: a plan a line, a decision a line, in the same order. */
import { Readable } from 'node:stream';
import { choose } from '../../decide/choose.ts';
import { decideLines } from '../../decide/batch.ts';
import type { BatchLine } from '../../decide/batch.ts';
import type { Deps } from '../../deps.ts';
import { DECISION, QUERY } from '../../openapi/schemas.ts';
import { HttpError, httpErrorOf } from '../error.ts';
import { queryOf } from '../route.ts';
import type { Answer, CallerContext, GuardedRoute } from '../route.ts';
import { askedOf, mannerOf } from './validate.ts';

const membersOf = ({ outcome, isRecorded }: BatchLine): string =>
  isRecorded ? outcome.members : `${outcome.members},"audited":false`;

/** `{"line":1,"plan_id":"p1","is_valid":…}` a line. */
async function* asLines(lines: AsyncIterable<BatchLine>): AsyncGenerator<string> {
  for await (const line of lines)
    yield `{"line":${line.line},"plan_id":${JSON.stringify(line.planId)},${membersOf(line)}}\n`;
}

/** One object, by the ids of the plans, as `validate-batch --report-format json` writes it. */
async function* asObject(lines: AsyncIterable<BatchLine>): AsyncGenerator<string> {
  const keys = new Set<string>();
  for await (const line of lines) {
    // The number of a line names that line alone: an id that looks like one would hide another's decision.
    const isFree = line.planId !== 'unknown' && !/^line \d+$/.test(line.planId) && !keys.has(line.planId);
    const key = isFree ? line.planId : `line ${line.line}`;
    yield `${keys.size === 0 ? '{' : ','}\n${JSON.stringify(key)}:{${membersOf(line)}}`;
    keys.add(key);
  }
  yield keys.size === 0 ? '{}\n' : '\n}\n';
}

/** The first piece is waited for: what is refused at once still has a status of its own. */
async function begun(pieces: AsyncGenerator<string>, { log }: Deps): Promise<Readable> {
  const first = await pieces.next();
  async function* all(): AsyncGenerator<string> {
    if (first.done === true) return;
    yield first.value;
    try {
      yield* pieces;
    } catch (error) {
      const { code, message } = httpErrorOf(error);
      if (code === 'internal') log.error({ err: error }, 'a batch failed');
      // Whoever counts lines sees that some are missing, and reads why.
      yield `${JSON.stringify({ error: message, code })}\n`;
    }
  }
  return Readable.from(all());
}

async function handle(context: CallerContext): Promise<Answer> {
  const { deps, stream, caller, request } = context;
  if (!stream) throw new HttpError('bad_request', 'the body is a plan a line');
  const { values, isRecord } = mannerOf(context);
  const chosen = choose(queryOf(context, 'policy'), caller, deps);
  const lines = decideLines(stream, {
    chosen,
    asked: askedOf(context, 'batch', values),
    values,
    isRecord,
    deps,
  });
  const isObject = (request.headers.accept ?? '').includes('application/json');
  return {
    status: 200,
    type: isObject ? 'application/json' : 'application/x-ndjson',
    body: await begun(isObject ? asObject(lines) : asLines(lines), deps),
  };
}

export const batch: GuardedRoute = {
  method: 'POST',
  url: '/validate/batch',
  operationId: 'validateBatch',
  summary:
    'Decide many plans: JSON Lines in, JSON Lines out, in order; with Accept: application/json one object by plan',
  tag: 'decisions',
  body: 'ndjson',
  isShed: true,
  isAdmin: false,
  permission: ['validate_plan'],
  query: QUERY,
  requestSchema: { type: 'string', description: 'A plan a line.' },
  responses: { 200: { description: 'A decision a line', schema: DECISION, type: 'application/x-ndjson' } },
  errors: ['context_not_trusted', 'unknown_policy'],
  handle,
};
