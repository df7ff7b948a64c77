/** Certificates of clients: a name that the certificate carries stands for a user. */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { identityOf, refusedFor } from './identity.ts';
import type { AuthMode } from './identity.ts';

/**
 * The alternative names of a certificate, as `DNS:…` and `URI:…`. Names that hold a comma or a quote come quoted, and could
 * pass for two: with one of those, there are none.
 */
export function namesIn(subjectAltName: string | undefined): readonly string[] {
  if (subjectAltName === undefined || subjectAltName.includes('"')) return [];
  return subjectAltName.split(', ').filter((name) => /^(?:DNS|URI|email):/.test(name));
}

function namesOf(request: IncomingMessage): readonly string[] {
  const socket = request.socket as Partial<TLSSocket>;
  if (socket.authorized !== true || !socket.getPeerCertificate) return [];
  // Resumed connections may have none.
  const certificate = socket.getPeerCertificate() as { readonly subjectaltname?: string };
  return namesIn(certificate.subjectaltname);
}

/** @param users - by a name, the user it stands for */
export function mtls(users: ReadonlyMap<string, string>): AuthMode {
  return {
    name: 'mtls',
    isCached: false,
    recognises: ({ token, request }) => token === null && namesOf(request).length > 0,
    verify: ({ request }) => {
      const names = namesOf(request);
      const name = names.find((each) => users.has(each));
      if (name === undefined)
        return Promise.resolve(refusedFor('no name of the certificate stands for a user'));
      const username = users.get(name) ?? '';
      const claims = { username, certificate: name };
      return Promise.resolve(identityOf(claims, { username: 'username', groups: 'groups', team: 'team' }));
    },
  };
}
