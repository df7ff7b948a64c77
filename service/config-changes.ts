import { eventWithoutPlan, SERVICE } from './audit/event.ts';
import type { AuditEvent } from './audit/event.ts';
import type { Deps } from './deps.ts';

/** A change is written down before it is in force. */
export function changeTeller({ config, audit, log }: Pick<Deps, 'config' | 'audit' | 'log'>) {
  return async (detail: NonNullable<AuditEvent['detail']>): Promise<void> => {
    try {
      await audit.append(eventWithoutPlan('config_changed', SERVICE, { detail }));
    } catch (error) {
      if (config.audit.on_failure !== 'allow') throw error;
      log.error({ err: error }, 'a change is not in the audit log');
    }
  };
}
