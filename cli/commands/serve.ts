/** `plan-lint serve`: hands over to the package of the service. */
import { optionalPackage } from '../optional-package.ts';
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
  return reportFailures(io, async () =>
    (await optionalPackage<ServiceFace>('@plan-lint/service', 'serve')).serve(options, io),
  );
}
