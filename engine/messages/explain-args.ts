import { breaks, firstFinding } from '../rules/args.ts';
import type { Validator } from '../rules/args.ts';
import { get } from '../rules/core.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** Why arguments break the schema of their tool: the place, and what must be so. Shows no value, nor a name that is secret. */
export function explainArgs(
  validators: ReadonlyMap<string, Validator>,
  tool: string,
  args: unknown,
  secret: (text: string) => boolean,
): { path: string; message: string } | null {
  if (!breaks(validators, tool, args)) return null;
  const shown = (name: string): string => (secret(name) ? '[secret]' : name);
  const [pointer, phrase] = firstFinding(validators.get(tool));
  let path = '';
  let at = args;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isArray(at)) {
      path += `[${name}]`;
      at = at[+name];
    } else {
      path += path === '' ? shown(name) : `.${shown(name)}`;
      at = get(at, name);
    }
  }
  const subject = path === '' ? 'the input' : `argument \`${path}\``;
  return { path, message: `${subject} of \`${shown(tool)}\` ${phrase}` };
}
