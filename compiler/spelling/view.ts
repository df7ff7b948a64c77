/** What the text of an argument holds: the engine's own readers, for whoever has to know before a plan is decided. */
import type { FormName, View } from '../ir/document.ts';
import { base64Form } from '../../engine/text/decode/base64.ts';
import { emailForm } from '../../engine/text/decode/email.ts';
import { OPEN, UNREADABLE } from '../../engine/text/decode/form.ts';
import type { Form } from '../../engine/text/decode/form.ts';
import { hostForm } from '../../engine/text/decode/host.ts';
import { jsonForm } from '../../engine/text/decode/json.ts';
import { pathForm } from '../../engine/text/decode/path.ts';
import { percentForm } from '../../engine/text/decode/percent.ts';
import { urlForm } from '../../engine/text/decode/url.ts';
import type { UrlPart } from '../../engine/text/decode/url.ts';
import { isOpaque, isWhole, memberOf } from '../../engine/text/references.ts';
import type { UnknownValue } from '../../engine/text/references.ts';

const characterOf = (code: number): string => String.fromCodePoint(code);

const FORMS: Readonly<Record<FormName, (part: View['part']) => Form>> = {
  json: () => jsonForm(characterOf),
  url: (part) => urlForm(part as UrlPart, characterOf),
  email: (part) => emailForm(part as 'local' | 'domain' | null),
  host: () => hostForm,
  path: () => pathForm,
  base64: () => base64Form(characterOf),
  percent: () => percentForm(characterOf),
};

/** What a text holds; `bad` where that cannot be told. */
export function heldIn({ as, part }: View, text: string, bad: object): unknown {
  const held = FORMS[as](part).whole(text);
  return held === UNREADABLE ? bad : held;
}

/** The same of a text that is not wholly known: what all texts hold that begin so, or what may be anything. */
export function heldInUnknown({ as, part }: View, value: UnknownValue, bad: object): unknown {
  if (isOpaque(value)) return value;
  const { start } = FORMS[as](part);
  const told = isWhole(value) || !start ? OPEN : start(value.known?.[0] ?? '');
  if (told === OPEN) return memberOf(value, nounOf({ as }));
  return told === UNREADABLE ? bad : told;
}

const NOUNS: Readonly<Record<FormName, string>> = {
  json: 'JSON',
  url: 'a URL',
  email: 'an email address',
  host: 'a host',
  path: 'a path',
  base64: 'base64',
  percent: 'percent-encoded text',
};

/** What a text is read as, in words. */
export const nounOf = ({ as }: Pick<View, 'as'>): string => NOUNS[as];

/** What a test is of, in front of what it says: "holds a URL whose host ". What stands in JSON is shown by its path. */
export function lead(view: View | undefined): string {
  if (!view || view.as === 'json') return '';
  return `holds ${nounOf(view)} ${view.part === null ? 'that' : `whose ${view.part}`} `;
}

/**
 * How a text is written that a reader of the form may come to; `null` for one that it never comes to, whatever stands in an
 * argument. Forms that hold any text take all as they are.
 */
export function heldSpelling({ as, part }: View, text: string): string | null {
  const spelled = SPELLINGS[`${as} ${part ?? ''}`.trim()];
  return spelled ? spelled(text) : text;
}

const textIn =
  (form: Form, before = '', behind = '') =>
  (text: string): string | null => {
    const held = form.whole(before + text + behind);
    return typeof held === 'string' ? held : null;
  };

const SPELLINGS: Readonly<Record<string, (text: string) => string | null>> = {
  host: textIn(hostForm),
  'url host': textIn(hostForm),
  'email domain': textIn(emailForm('domain'), 'a@'),
  'email local': textIn(emailForm('local'), '', '@example.com'),
  email: textIn(emailForm(null)),
  path: textIn(pathForm),
  'url scheme': (text) => (/^[a-z][a-z\d+.-]*$/i.test(text) ? text.toLowerCase() : null),
};
