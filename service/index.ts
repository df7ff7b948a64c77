/** The validation service: agents ask it before they act. */
export type {
  AuditAction,
  AuditEvent,
  AuditHealth,
  AuditLog,
  AuditPosition,
  AuditResult,
} from './audit/event.ts';
export { loadConfig } from './config/load.ts';
export { configSchema } from './config/schema.ts';
export type { Config } from './config/sections.ts';
export { ServiceError } from './failure.ts';
export { serve } from './serve.ts';
export type { ServeIo, ServeOptions } from './serve.ts';
export { startService } from './service.ts';
export type { Service, ServiceOptions } from './service.ts';
