/** OpenID AuthZEN Authorization API 1.0: a tuple of subject, action and resource becomes a plan, a decision becomes an answer. */
import { isDeepStrictEqual } from 'node:util';

type Members = Readonly<Record<string, unknown>>;

export interface Entity {
  readonly type: string;
  readonly id: string;
  readonly properties: Members;
}

export interface Tuple {
  readonly subject: Entity;
  readonly action: { readonly name: string; readonly properties: Members };
  readonly resource: Entity;
  readonly context: Members;
}

/** What is not as the specification has it: told to whoever asks, and never a decision. */
export class TupleError extends Error {}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws TupleError */
export function membersOf(value: unknown, at: string): Members {
  if (isMembers(value)) return value;
  throw new TupleError(value === undefined ? `\`${at}\` is missing` : `\`${at}\` is no object`);
}

function textOf(members: Members, name: string, at: string): string {
  const value = Object.hasOwn(members, name) ? members[name] : undefined;
  if (typeof value === 'string') return value;
  throw new TupleError(value === undefined ? `\`${at}.${name}\` is missing` : `\`${at}.${name}\` is no text`);
}

const propertiesOf = (members: Members, at: string): Members =>
  Object.hasOwn(members, 'properties') ? membersOf(members['properties'], `${at}.properties`) : {};

function entityOf(value: unknown, at: string): Entity {
  const members = membersOf(value, at);
  return {
    type: textOf(members, 'type', at),
    id: textOf(members, 'id', at),
    properties: propertiesOf(members, at),
  };
}

/** Reads one evaluation. Members that are not known are ignored, as §7 of the specification says. @throws TupleError */
export function tupleOf(value: unknown): Tuple {
  const members = membersOf(value, 'the body');
  const own = (name: string): unknown => (Object.hasOwn(members, name) ? members[name] : undefined);
  const subject = entityOf(own('subject'), 'subject');
  const action = membersOf(own('action'), 'action');
  const name = textOf(action, 'name', 'action');
  const resource = entityOf(own('resource'), 'resource');
  const context = own('context') === undefined ? {} : membersOf(own('context'), 'context');
  return { subject, action: { name, properties: propertiesOf(action, 'action') }, resource, context };
}

/** Members of several objects as one. Two values of one name are told: neither hides the other. @throws TupleError */
function joined(...parts: readonly Members[]): Members {
  const entries = parts.flatMap((part) => Object.entries(part));
  const members = new Map<string, unknown>();
  for (const [name, value] of entries) {
    if (members.has(name) && !isDeepStrictEqual(members.get(name), value))
      throw new TupleError(
        `\`${name}\` has two values: of the resource, its properties, those of the action`,
      );
    members.set(name, value);
  }
  return Object.fromEntries(members);
}

/** The plan that a tuple stands for: its own, a call of a tool, or one step `type.action`. @throws TupleError */
export function planOf({ action, resource }: Tuple): unknown {
  const { id } = resource;
  if (resource.type === 'plan' && action.name === 'validate') return joined({ id }, resource.properties);
  if (resource.type === 'tool' && action.name === 'tools/call')
    return {
      steps: [{ id: 'call', tool: id, args: joined(resource.properties, action.properties) }],
    };
  const args = joined(resource.properties, { id }, action.properties);
  return { id, steps: [{ id: 'evaluation', tool: `${resource.type}.${action.name}`, args }] };
}

/** What rules see of a tuple. The subject is a claim of whoever asks; who that is stands in `context.caller`. */
export const contextOfTuple = ({ subject, context }: Tuple, isTrusted: boolean): Members =>
  isTrusted ? { ...context, subject } : { subject, request: context };

export const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
export type Semantic = (typeof SEMANTICS)[number];

/** Whether the rest is not asked any more. */
export const isDecided = (semantic: Semantic, decision: boolean): boolean =>
  (semantic === 'deny_on_first_deny' && !decision) || (semantic === 'permit_on_first_permit' && decision);

/** @throws TupleError */
export function semanticOf(body: Members): Semantic {
  const options = body['options'] === undefined ? {} : membersOf(body['options'], 'options');
  const { evaluations_semantic: asked = 'execute_all' } = options;
  const semantic = SEMANTICS.find((each) => each === asked);
  if (semantic === undefined)
    throw new TupleError(`\`options.evaluations_semantic\` is one of ${SEMANTICS.join(', ')}`);
  return semantic;
}

const SHARED = ['subject', 'action', 'resource', 'context'] as const;

/** One evaluation of several: what it does not say is said above, whole objects at a time. */
export function withDefaults(item: unknown, body: Members): Members {
  const own = membersOf(item, 'evaluations[]');
  const inherited = SHARED.filter((name) => Object.hasOwn(body, name)).map(
    (name) => [name, body[name]] as const,
  );
  return { ...Object.fromEntries(inherited), ...own };
}
