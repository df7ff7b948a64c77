/** Where a service listens. */
import { ConfigError } from './config/field.ts';

export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, `[::1]:port`, or a port alone on all addresses. @throws ConfigError */
export function listenOf(written: string, path: string): Listen {
  const found = /^(?:(\[[0-9a-f:.]+\]|[^:[\]]*):)?(\d{1,5})$/i.exec(written);
  const port = Number(found?.[2]);
  if (!found || port > 65_535)
    throw new ConfigError(`\`${path}\` is \`${written}\`, which is no address`, 'write 127.0.0.1:8000');
  const host = (found[1] ?? '').replace(/^\[|\]$/g, '');
  return { host: host === '' ? '0.0.0.0' : host, port };
}

export const isLoopback = ({ host }: Listen): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);

/** As a URL has it. */
export const hostText = ({ host, port }: Listen): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
