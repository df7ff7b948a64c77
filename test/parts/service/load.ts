/**
 * A driver for the faults of the audit log: it appends decisions as fast as they are taken and tells, a line each on standard output,
 * which of them were answered for. `node … load.ts '{"path": …}'`; it ends when it is killed, or after `seconds`.
 */
import { openAuditFiles } from '../../../service/audit/open.ts';
import type { AuditOptions } from '../../../service/audit/options.ts';
import { AuditError } from '../../../service/audit/errors.ts';
import { openDatabase } from '../../../service/database/open.ts';
import { resultsSink } from '../../../service/results/sink.ts';
import { fileCursor } from '../../../service/sinks/cursor.ts';
import { runSink, type RunningSink, type Sink } from '../../../service/sinks/run.ts';
import { siemSink } from '../../../service/sinks/siem.ts';
import type { Collector } from '../../../service/sinks/transport.ts';
import { decision, violation } from '../../service/audit/log.ts';

export interface Load {
  readonly audit: AuditOptions;
  /** Decisions a second; they come in bursts of a few milliseconds. */
  readonly rate: number;
  readonly seconds: number;
  /** Ids begin so. */
  readonly name: string;
  readonly results?: string;
  readonly siem?: Collector & { readonly cursor: string };
  /** Rules and messages of violations, taken in turn; without any all decisions pass. */
  readonly violations?: readonly { readonly rule: string; readonly message: string }[];
}

const load = JSON.parse(process.argv[2] ?? '') as Load;
const start = performance.now();
const log = await openAuditFiles(load.audit);
process.stdout.write(`ready ${Math.round(performance.now() - start)}\n`);

async function sinksOf({ results, siem }: Load): Promise<readonly Sink[]> {
  return [
    ...(results === undefined ? [] : [resultsSink({ database: await openDatabase(results), log: 'load' })]),
    ...(siem
      ? [siemSink({ ...siem, cursor: fileCursor(siem.cursor), origin: { host: 'test', process: '1' } })]
      : []),
  ];
}

const running: readonly RunningSink[] = (await sinksOf(load)).map((sink) =>
  runSink(sink, log, load.audit.path),
);

let count = 0;
const counts = { answered: 0, refused: 0, mostMB: 0 };
let pending = 0;

function event(id: string): ReturnType<typeof decision> {
  const { violations = [] } = load;
  const one = violations[count % Math.max(1, violations.length)];
  if (!one) return decision(id);
  return decision(id, {
    result: { is_valid: false, violation_count: 1, violations: [violation(one.rule, one.message)] },
    status: 'deny',
  });
}

function ask(): void {
  const id = `${load.name}-${(count += 1)}`;
  pending += 1;
  log
    .append(event(id))
    .then(
      () => {
        counts.answered += 1;
        process.stdout.write(`ok ${id}\n`);
      },
      (error: unknown) => {
        counts.refused += 1;
        process.stdout.write(`no ${error instanceof AuditError ? error.code : String(error)}\n`);
      },
    )
    .finally(() => (pending -= 1));
}

const began = performance.now();
const timer = setInterval(() => {
  const due = Math.floor(((performance.now() - began) / 1000) * load.rate);
  // No more than a service lets in at once.
  while (count < due && pending < 256) ask();
  if (count < due) count = due;
  counts.mostMB = Math.max(counts.mostMB, Math.round(process.memoryUsage.rss() / 1e6));
}, 2);

process.stdin.on('data', (bytes: Buffer) => {
  // Whoever drives us asks how the readers stand.
  if (bytes.toString().includes('status'))
    process.stdout.write(`status ${JSON.stringify(running.map((sink) => sink.status()))}\n`);
});
await new Promise((resolve) => setTimeout(resolve, load.seconds * 1000));
clearInterval(timer);
while (pending > 0) await new Promise((resolve) => setTimeout(resolve, 5));
// The readers catch up, in a minute or never.
const deadline = performance.now() + 60_000;
while (running.some((sink) => sink.status().lag > 0) && performance.now() < deadline)
  await new Promise((resolve) => setTimeout(resolve, 50));
process.stdout.write(`end ${JSON.stringify({ ...counts, sinks: running.map((sink) => sink.status()) })}\n`);
for (const sink of running) await sink.close();
await log.close();
process.stdin.destroy();
