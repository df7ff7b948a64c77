/** Packages that are loaded where a verb needs them, and are not installed with the command line. */
import { UsageError } from '../bundles/failure.ts';

/**
 * The package's name is no literal where it is imported, so that neither the compiler nor a bundler looks for it here.
 *
 * @param face - what of the package: `''` for the whole, `/audit` for a part
 * @throws UsageError with the line that installs it
 */
export async function optionalPackage<T>(
  name: '@plan-lint/service' | '@plan-lint/agents',
  verb: string,
  face = '',
): Promise<T> {
  const address: string = `${name}${face}`;
  try {
    return (await import(address)) as T;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    if (!isMissing || !error.message.includes(name)) throw error;
    throw new UsageError(
      `\`plan-lint ${verb}\` is in the package ${name}, which is not installed`,
      `npm install ${name}`,
    );
  }
}
