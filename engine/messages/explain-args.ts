import type { Cause } from '../module/cause.ts';
import { argsOf } from '../module/question.ts';
import type { Question } from '../module/question.ts';
import { breaksSchema, firstFinding, firstOpen, schemaOf } from '../rules/args.ts';
import type { Schemas } from '../rules/args.ts';
import { whyOpen } from './why-open.ts';
import { get } from '../rules/core.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** Why arguments break the schema of their tool: the place, and what must be so. Shows no value, nor a name that is secret. */
export function explainArgs(
  schemas: Schemas,
  question: Question,
  secret: (text: string) => boolean,
): Cause | null {
  const { step } = question;
  const { tool } = step;
  const args = argsOf(step);
  const schema = schemaOf(schemas, tool);
  if (!schema || !breaksSchema(schema, question, false)) return null;
  const shown = (name: string): string => (secret(name) ? '[secret]' : name);
  const open = breaksSchema(schema, question, true)
    ? null
    : firstOpen(schema, args as Readonly<Record<string, unknown>>);
  if (open) {
    const path = shown(open.arg);
    const why = whyOpen(open.value);
    return {
      path,
      message: `argument \`${path}\` of \`${shown(tool)}\` ${why}, so nobody can tell whether it is as the tool declares it`,
    };
  }
  const [pointer, phrase] = firstFinding(schema.validate);
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
