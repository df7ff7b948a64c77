/** SARIF 2.1.0 (OASIS), as far as findings need it. */
import { RUNTIME_VERSION } from '@plan-lint/runtime/contract';

export const SARIF_SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';

export interface SarifRule {
  readonly id: string;
  readonly shortDescription?: { readonly text: string };
  /** Where it is described (§3.49.12). */
  readonly helpUri?: string;
  readonly help?: { readonly text: string };
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region?: {
      readonly startLine: number;
      readonly startColumn?: number;
      readonly endLine?: number;
      readonly endColumn?: number;
    };
  };
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string }[];
  readonly message?: { readonly text: string };
}

export interface SarifResult {
  readonly ruleId: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly message: { readonly text: string };
  readonly locations: readonly SarifLocation[];
  readonly relatedLocations?: readonly SarifLocation[];
  readonly partialFingerprints?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** The page of a diagnostic's code; the same stands in `docs/codes/` of the package. */
export const helpUri = (code: string): string => `https://plan-lint.dev/docs/codes/${code}`;

/** A path as a relative URI (RFC 3986 §4.2): `#`, `?`, `%` and the like are part of a name. */
export const relativeUri = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** The `tool` of a run (§3.18). */
export function sarifTool(rules: readonly SarifRule[]): object {
  return { driver: { name: 'plan-lint', semanticVersion: RUNTIME_VERSION, rules } };
}

/** A log of one run. */
export function sarifLog(rules: readonly SarifRule[], results: readonly SarifResult[]): object {
  return {
    $schema: SARIF_SCHEMA,
    version: '2.1.0',
    runs: [{ tool: sarifTool(rules), columnKind: 'utf16CodeUnits', results }],
  };
}
