/** Which kind of source a path or an address is. */
import { readdir, stat } from 'node:fs/promises';
import { isBundle } from 'plan-lint/bundles';
import { reasonOf, ServiceError } from '../../failure.ts';
import { fileSource } from './files.ts';
import { followedSource } from './follow.ts';
import type { Source, SourceOptions } from './source.ts';
import { yamlSource } from './yaml.ts';

export type { Source, SourceOptions } from './source.ts';

const isPolicy = (name: string): boolean => /\.ya?ml$/.test(name);

/** @throws ServiceError where there is nothing, or both bundles and policies, or what the trust root rules out */
export async function sourceOf(options: SourceOptions): Promise<Source> {
  const { where, channel, trust } = options;
  const needsTrust = (what: string): never => {
    throw new ServiceError(
      `${what} \`${where}\` needs a trust root`,
      '--trust trust.json, or `policies.trust`: it says whose signature counts',
    );
  };
  if (channel !== null)
    return trust === null ? needsTrust(`the channel ${channel} of`) : followedSource(options);
  if (/^https?:/.test(where)) return trust === null ? needsTrust('the bundle at') : followedSource(options);
  switch (await kindOf(where)) {
    case 'bundle':
      return trust === null ? needsTrust('the bundle') : fileSource(options);
    case 'policies':
      if (trust === null) return yamlSource(options);
      throw new ServiceError(
        `\`${where}\` holds policies that nobody has signed, and there is a trust root`,
        'make a bundle: plan-lint bundle --policy-dir policies --output acme.mjs --key keys/signer.key',
      );
    case 'mixed':
      throw new ServiceError(
        `\`${where}\` holds both bundles and policies`,
        'keep them in two directories: which of them decides must not be a guess',
      );
    case 'nothing':
      // A volume may be filled later; without a trust root there would be nothing to wait for.
      if (trust !== null) return fileSource(options);
      throw new ServiceError(`no policies in \`${where}\``, 'name a bundle, or a directory with *.yaml');
  }
}

async function kindOf(where: string): Promise<'bundle' | 'policies' | 'mixed' | 'nothing'> {
  try {
    if (!(await stat(where)).isDirectory()) return isBundle(where) ? 'bundle' : 'policies';
    const names = (await readdir(where, { recursive: true })).filter((name) => !/(^|\/)\./.test(name));
    const hasBundles = names.some((name) => !name.includes('/') && isBundle(name));
    const hasPolicies = names.some(isPolicy);
    if (hasBundles) return hasPolicies ? 'mixed' : 'bundle';
    return hasPolicies ? 'policies' : 'nothing';
  } catch (error) {
    throw new ServiceError(`\`${where}\` cannot be read: ${reasonOf(error)}`, 'check `policies.path`');
  }
}
