/** The validation service: agents ask it before they act. */
export type {
  AuditAction,
  AuditEvent,
  AuditHealth,
  AuditLog,
  AuditPosition,
  AuditResult,
} from './audit/event.ts';
