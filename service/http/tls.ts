/** Certificates and keys: read from files, and read again when they are replaced. */
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { SecureContextOptions, Server as TlsServer } from 'node:tls';
import { reasonOf, ServiceError } from '../failure.ts';

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | null;
}

export interface TlsOptions extends SecureContextOptions {
  readonly minVersion: 'TLSv1.2';
  readonly requestCert: boolean;
  /** Who has no certificate may have a token. */
  readonly rejectUnauthorized: false;
}

/** Between two looks at the files, milliseconds. */
const EVERY = 1_000;

/** @throws ServiceError */
export async function readTls({ cert, key, clientCa }: TlsFiles): Promise<TlsOptions> {
  const read = async (path: string): Promise<Buffer> => {
    try {
      return await readFile(path);
    } catch (error) {
      throw new ServiceError(`\`${path}\` cannot be read: ${reasonOf(error)}`, 'check `tls`');
    }
  };
  const options: TlsOptions = {
    cert: await read(cert),
    key: await read(key),
    ...(clientCa !== null && { ca: await read(clientCa) }),
    minVersion: 'TLSv1.2',
    requestCert: clientCa !== null,
    rejectUnauthorized: false,
  };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new ServiceError(
      `the certificate in \`${cert}\` and the key in \`${key}\` do not work: ${reasonOf(error)}`,
      'are they of one pair, in PEM?',
    );
  }
  return options;
}

/** New connections use the files as they are; what cannot be read leaves those in use. */
export function keepTlsFresh(
  server: Pick<TlsServer, 'setSecureContext'>,
  files: TlsFiles,
  tell: { readonly replaced: () => void; readonly refused: (message: string) => void },
): { readonly look: () => Promise<void>; readonly stop: () => void } {
  let last = '';
  let problem = '';
  const look = async (): Promise<void> => {
    try {
      const options = await readTls(files);
      const current = [options.cert, options.key, options.ca].map(String).join('\0');
      if (current === last) return;
      if (last !== '') {
        server.setSecureContext(options);
        tell.replaced();
      }
      last = current;
      problem = '';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== problem) tell.refused(message);
      problem = message;
    }
  };
  const first = look();
  const timer = setInterval(() => void first.then(look), EVERY);
  timer.unref();
  return { look: () => first.then(look), stop: () => clearInterval(timer) };
}
