/** Why a diagnostic is given, by its code; the pages of `docs/codes` show it. */
import type { DiagnosticCode } from '../../../compiler/diagnostics/catalog.ts';
import { whyLinting } from './linting.ts';
import { whyLowering } from './lowering.ts';
import { whyReading } from './reading.ts';
import { whyResolving } from './resolving.ts';

export const WHY: Readonly<Record<DiagnosticCode, string>> = {
  ...whyReading,
  ...whyResolving,
  ...whyLowering,
  ...whyLinting,
};
