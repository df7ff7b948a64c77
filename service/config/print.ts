/** `--print-config`: every setting as it is in force, and where it comes from. */
import type { Field } from './field.ts';
import type { Loaded, Tree } from './load.ts';
import { CONFIG } from './sections.ts';

/** Settings in which a secret may stand. */
const SECRET = new Set(['results.url', 'sessions.url']);

/** YAML that can be used as a configuration, with a comment a line. */
export function printConfig({ tree, origins }: Loaded): string {
  return linesOf(CONFIG, tree, { at: '', depth: 0, origins }).join('\n') + '\n';
}

interface Place {
  readonly at: string;
  readonly depth: number;
  readonly origins: Loaded['origins'];
}

function linesOf(field: Field<unknown>, tree: Tree, { at, depth, origins }: Place): readonly string[] {
  return Object.entries(field.members ?? {}).flatMap(([name, member]) => {
    const path = at === '' ? name : `${at}.${name}`;
    const written: unknown = Object.hasOwn(tree, name) ? tree[name] : member.fallback;
    const indent = '  '.repeat(depth);
    if (member.members && typeof written === 'object' && written !== null)
      return [
        `${indent}${name}:`,
        ...linesOf(member, written as Tree, { at: path, depth: depth + 1, origins }),
      ];
    const shown = SECRET.has(path) ? withoutPassword(written) : written;
    return [`${indent}${name}: ${JSON.stringify(shown)} # ${origins.get(path) ?? 'default'}`];
  });
}

const withoutPassword = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/(:\/\/[^:@/]*):[^@/]*@/, '$1:***@') : value;
