/** Tests of what the text of an argument holds, as `seen` of the engine takes them. */
import { js, literal, name } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { ArgTest, View } from '../ir/program.ts';
import { nounOf } from '../spelling/index.ts';
import type { FormName } from '../ir/document.ts';
import { segmentsOf } from './kind.ts';
import type { Scope } from './scope.ts';

const characterOf = name('fromCodePoint');

const FORMS: Readonly<Record<FormName, (part: Code, scope: Scope) => Code>> = {
  json: (_, scope) => js`${scope.support('jsonForm')}(${characterOf})`,
  url: (part, scope) => js`${scope.support('urlForm')}(${part},${characterOf})`,
  email: (part, scope) => js`${scope.support('emailForm')}(${part})`,
  host: (_, scope) => scope.support('hostForm'),
  path: (_, scope) => scope.support('pathForm'),
  base64: (_, scope) => js`${scope.support('encodedForm')}(${characterOf})`,
  percent: (_, scope) => js`${scope.support('percentForm')}(${characterOf})`,
};

/** How the argument of a test is read: its name in the module. */
export function emitView(path: ArgTest['path'], view: View, scope: Scope): Code {
  const form = FORMS[view.as](literal(view.part), scope);
  const segments = [segmentsOf(path) ?? []].flat();
  return scope.constant('v', js`{path:${literal(segments)},form:${form},noun:${literal(nounOf(view))}}`);
}
