/** A registry by what one writes: a path, or an address of one of these kinds. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../failure.ts';
import type { Surroundings } from '../surroundings.ts';
import { directoryStore } from './directory.ts';
import { httpStore } from './http.ts';
import { ociStore } from './oci.ts';
import type { RegistryStore } from './store.ts';

export interface RegistryOptions {
  /** Variable that holds the token for the registry. */
  readonly tokenEnv?: string;
}

type Open = (where: string, token: string | undefined) => RegistryStore | Promise<RegistryStore>;

const SCHEMES: Readonly<Record<string, Open>> = {
  http: (where, token) => httpStore(where, token === undefined ? {} : { token }),
  https: (where, token) => httpStore(where, token === undefined ? {} : { token }),
  oci: (where, token) => ociStore(where, token),
  file: (where) => directoryStore(fileURLToPath(where)),
};

/** @throws UsageError for an address of a kind that is not known, or a variable that is not set */
export async function openRegistry(
  where: string,
  { tokenEnv }: RegistryOptions,
  io: Surroundings,
): Promise<RegistryStore> {
  const token = tokenEnv === undefined ? undefined : io.env[tokenEnv];
  if (tokenEnv !== undefined && !token)
    throw new UsageError(`the variable \`${tokenEnv}\` is not set`, `export ${tokenEnv} before running this`);
  const scheme = /^([a-z][a-z0-9+.-]+):/.exec(where)?.[1];
  if (scheme === undefined) return directoryStore(resolve(io.cwd, where));
  const open = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme] : undefined;
  if (open) return open(where, token);
  throw new UsageError(
    `\`${scheme}:\` is no kind of registry`,
    `a directory, or an address: ${Object.keys(SCHEMES).join(', ')}`,
  );
}
