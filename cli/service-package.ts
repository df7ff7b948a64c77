/** The package of the validation service: loaded where a verb needs it, and not installed with the command line. */
import { UsageError } from '../bundles/failure.ts';

/**
 * Its name is no literal, so that neither the compiler nor a bundler looks for it here.
 *
 * @param face - what of the package: `''` for the whole, `/audit` for the log
 * @throws UsageError with the line that installs it
 */
export async function servicePackage<T>(verb: string, face = ''): Promise<T> {
  const name: string = `@plan-lint/service${face}`;
  try {
    return (await import(name)) as T;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    if (!isMissing || !error.message.includes('@plan-lint/service')) throw error;
    throw new UsageError(
      `\`plan-lint ${verb}\` is in the package @plan-lint/service, which is not installed`,
      'npm install @plan-lint/service',
    );
  }
}
