/** A log on standard output: chained like one in files, kept by whoever reads it. */
import { reasonOf } from '../failure.ts';
import { AuditError } from './errors.ts';
import type { AuditEvent, AuditHealth, AuditLog, AuditPosition } from './event.ts';
import { EMPTY_LOG, lineAfter } from './line.ts';
import type { Settings } from './options.ts';

/** Where lines go: `process.stdout`, or a stand-in. */
export interface LineStream {
  write(text: string, done: (error?: Error | null) => void): unknown;
}

/** Opens a log on a stream. Each has a chain of its own, which begins with its first line. */
export function openStdout(settings: Settings, stream: LineStream = process.stdout): AuditLog {
  let head = EMPTY_LOG;
  let problem: string | undefined;
  let isClosed = false;
  const counts = { lines: 0, bytes: 0, errors: 0 };
  return {
    append(event: AuditEvent): Promise<AuditPosition> {
      if (isClosed) return Promise.reject(new AuditError('audit_closed'));
      return new Promise((resolve, reject) => {
        const line = lineAfter(head, event, settings.now(), settings.line);
        head = line.head;
        stream.write(line.text, (error) => {
          if (error) {
            // A pipe that is broken stays so.
            problem = reasonOf(error);
            counts.errors += 1;
            reject(new AuditError('audit_unavailable', `${problem} at standard output`));
            return;
          }
          counts.lines += 1;
          counts.bytes += Buffer.byteLength(line.text);
          resolve({ seq: line.head.seq });
        });
      });
    },
    health: (): AuditHealth => ({
      writable: problem === undefined && !isClosed,
      ...(problem !== undefined && { problem }),
      path: settings.path,
      seq: head.seq,
      ...counts,
    }),
    reopen: () => Promise.resolve(),
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  };
}
