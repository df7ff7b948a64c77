/** `plan-lint graph`: who extends whom, as Mermaid text or as a picture. */
import { reportFailures } from '../terminal/failure.ts';
import { compileDirectory } from '../../bundles/compile-directory.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { policyPath } from '../../bundles/policy-path.ts';
import { graphJson, mermaid, svg } from '../text/graph.ts';

export interface GraphOptions {
  /** Default: `PLAN_LINT_POLICY_PATH`. */
  readonly policyDir?: string;
  readonly format?: 'mermaid' | 'svg' | 'json';
}

const FORMATS = { mermaid, svg, json: graphJson } as const;

export function graph({ policyDir, format }: GraphOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { policies } = await compileDirectory(policyPath(policyDir, io), [], io);
    const entries = new Set(policies.entries.map(({ file }) => file.path));
    io.stdout(FORMATS[format ?? 'mermaid'](policies.hierarchy, entries));
    return EXIT.ok;
  });
}
