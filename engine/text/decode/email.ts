/** Addresses of email, `local@domain`, as everybody reads them: no names, quotes, comments, or routes around or in them. */
import { UNREADABLE } from './form.ts';
import type { Form } from './form.ts';
import { hostOf } from './host.ts';

/** A dot-atom (RFC 5322, section 3.2.3), no longer than RFC 5321 lets it be. */
const LOCAL = /^(?=.{1,64}$)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
/** Names of the DNS; an address in brackets, or one that reads like a number, is none. */
const DOMAIN = /^[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/i;

export type EmailPart = 'local' | 'domain';

/** The address with its domain in lower case, or one part of it. */
export const emailForm = (part: EmailPart | null): Form => ({
  whole: (text) => {
    const at = text.indexOf('@');
    const local = text.slice(0, at);
    const written = text.slice(at + 1);
    // A text that long is none, and is not searched.
    const isAddress = at > 0 && text.length < 400 && LOCAL.test(local) && DOMAIN.test(written);
    const domain = isAddress ? hostOf(written) : null;
    if (domain === null || domain !== written.toLowerCase() || /^\d+(?:\.\d+){3}$/.test(domain))
      return UNREADABLE;
    if (part === null) return `${local}@${domain}`;
    return part === 'local' ? local : domain;
  },
});
