/** `plan-lint serve`: hands over to the package of the service. */
import { servicePackage } from '../service-package.ts';
import { reportFailures } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';

export interface ServeCommandOptions {
  readonly dev?: boolean;
  readonly config?: string;
  readonly policyDir?: string;
  readonly bundle?: string;
  readonly trust?: string;
  readonly listen?: string;
  readonly audit?: string;
  readonly printConfig?: boolean;
  readonly printSchema?: boolean;
}

interface ServiceFace {
  readonly serve: (options: ServeCommandOptions, io: Io) => Promise<number>;
}

export function serve(options: ServeCommandOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => (await servicePackage<ServiceFace>('serve')).serve(options, io));
}
