/** Bodies of the session routes: objects with exactly the members that are documented, read as strictly as plans. */
import { readPlan } from 'plan-lint/plans';
import { HttpError } from '../http/error.ts';

export type Members = Readonly<Record<string, unknown>>;

interface Shape {
  readonly needs: readonly string[];
  readonly may: readonly string[];
}

/** @throws HttpError `unreadable`, `bad_request` */
export function readBody(bytes: Uint8Array, { needs, may }: Shape): Members {
  const reading = readPlan(bytes.length === 0 && needs.length === 0 ? '{}' : bytes);
  if (!reading.ok) throw new HttpError('unreadable', `${reading.problem.code}: ${reading.problem.message}`);
  const body = reading.plan;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new HttpError('bad_request', 'the body is no object');
  const missing = needs.find((name) => !Object.hasOwn(body, name));
  if (missing !== undefined) throw new HttpError('bad_request', `\`${missing}\` is missing`);
  const unknown = Object.keys(body).find((name) => !needs.includes(name) && !may.includes(name));
  if (unknown !== undefined)
    throw new HttpError(
      'bad_request',
      `\`${unknown}\` is no member; there are ${[...needs, ...may].join(', ')}`,
    );
  return body as Members;
}

/** @throws HttpError `bad_request` */
export function textIn(body: Members, name: string): string {
  const value = body[name];
  if (typeof value === 'string') return value;
  throw new HttpError('bad_request', `\`${name}\` is no text`);
}
