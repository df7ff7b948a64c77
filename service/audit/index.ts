/** The audit log. */
export type * from './event.ts';
export { AUDIT_ERRORS, AuditError, type AuditErrorCode } from './errors.ts';
export { checkpointSigner, type CheckpointSigner } from './checkpoint.ts';
export { openAudit, openAuditFiles } from './open.ts';
export type { AuditOptions, Durability } from './options.ts';
export type { WrittenEvent } from './line.ts';
export type { Writer } from './writer.ts';
export { exportLog, type ExportOptions, type Exported } from './export.ts';
export { rebuildResults, type NotRebuilt, type RebuildAt } from '../results/rebuild-at.ts';
export {
  complianceReport,
  type ComplianceOptions,
  type ComplianceReport,
  type NoReport,
} from '../reports/compliance.ts';
export { queryLog, type LogQuery } from './query.ts';
export { verifyLog, type Finding, type FindingCode, type VerifyReport } from './verify.ts';
