/** What the texts of a plan say once the results that they refer to are there. */
import type { SessionModule } from '../contract.ts';
import { entriesOf, fromEntries, isArray } from '../platform.ts';

/** Why nobody can tell what stands in a text. */
export interface Unresolved {
  readonly rule: 'run.unresolved' | 'run.deviation';
  readonly why: string;
}

/** What a result has at a path. `unread`: nobody has handed it over, or it is too large. */
export type Read = { readonly value: unknown } | 'missing' | 'unread';

export type ReadResult = (step: string, path: readonly string[]) => Read;

/** What stands in a text of the plan, or why nobody can tell. */
export function resolveText(
  text: string,
  module: SessionModule,
  readAt: ReadResult,
): { readonly value: unknown } | Unresolved {
  const template = module.template(text);
  // A text that is not understood must arrive as it is written.
  if (template === null || template.known === null) return { value: text };
  const { known, references } = template;
  let inserted = known[0] ?? '';
  for (const [i, { id, path }] of references.entries()) {
    const read = readAt(id, path);
    if (read === 'unread')
      return { rule: 'run.unresolved', why: `the result of \`${id}\` that stands here was not handed over` };
    const name = ['result', ...path].join('.');
    if (read === 'missing')
      return { rule: 'run.deviation', why: `the result of \`${id}\` has no \`${name}\`` };
    const { value } = read;
    if (references.length === 1 && known.every((part) => part === '')) return { value };
    if (typeof value === 'object') {
      const why = `\`${name}\` of \`${id}\` is no text, number or truth value to stand in a text`;
      return { rule: 'run.deviation', why };
    }
    inserted += `${value as string | number | boolean}${known[i + 1] ?? ''}`;
  }
  return { value: inserted };
}

function knownMembers(members: object, visit: (value: unknown, key: string) => unknown): unknown {
  return fromEntries(
    entriesOf(members).flatMap(([key, value]) => {
      const visited = visit(value, key);
      return visited === undefined ? [] : [[key, visited] as const];
    }),
  );
}

/** The arguments of a step as far as they are known: data as JSON has it, without the members that are not known. */
export function knownArgs(
  { args, literal }: { readonly args: unknown; readonly literal: readonly string[] },
  module: SessionModule,
  readAt: ReadResult,
): unknown {
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') {
      // What is not understood may say anything.
      if (module.template(value)?.known === null) return undefined;
      const resolved = resolveText(value, module, readAt);
      return 'value' in resolved ? resolved.value : undefined;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (isArray(value)) return value.map((each) => visit(each) ?? null);
    return knownMembers(value, visit);
  };
  return knownMembers(args ?? {}, (value, key) => (literal.includes(key) ? value : visit(value)));
}
