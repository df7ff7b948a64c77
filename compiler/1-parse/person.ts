import { plain } from '../spelling/index.ts';

/**
 * A person as a name stands for one: in its plain spelling, without case, and of a mail address neither the display name,
 * `mailto:`, a plus-suffix nor a dot at the end. Names that are written differently and come to the same are one person.
 *
 * @example
 * personOf('Alice <mailto:Alice+ops@acme.example.>') === personOf('alice@acme.example')
 */
export function personOf(name: string): string {
  const spelled = plain(name).toLowerCase().replace(/\s+/g, ' ').trim();
  const [, bracketed] = /<([^<>]*@[^<>]*)>/.exec(spelled) ?? [];
  const address = (bracketed ?? spelled).replace(/\([^()]*\)/g, '').replace(/^\s*mailto:/, '');
  const at = address.lastIndexOf('@');
  if (at < 0) return spelled.replace(/[.\s]+$/, '');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)].map((part) =>
    part.replace(/[\s"]/g, ''),
  );
  return `${(local ?? '').replace(/\+.*$/, '').replace(/\.+$/, '')}@${(domain ?? '').replace(/\.+$/, '')}`;
}
