/** Figures that are looked up when Prometheus asks. */
import type { Deps } from '../deps.ts';
import type { SinkStatus } from '../sinks/run.ts';
import type { Slot } from '../policy/slot.ts';
import { deltaOf } from '../rollout/drift.ts';
import type { Lane } from '../rollout/lane.ts';

export function watchFigures({ metrics, registry, rollouts, audit, readers, gate, now }: Deps): void {
  const byBundle = (read: (slot: Slot) => number) => (): ReadonlyMap<string, number> =>
    new Map(registry.slots.map((slot) => [slot.bundle.identity.name, read(slot)]));
  const seconds = (instant: string | null): number =>
    instant === null ? Infinity : (Date.parse(instant) - now()) / 1000;
  metrics.watch(
    'plan_lint_bundle_age_seconds',
    'Since the bundle decides',
    byBundle(({ since }) => (now() - since) / 1000),
    'bundle',
  );
  metrics.watch(
    'plan_lint_bundle_expires_seconds',
    'Until the bundle expires',
    byBundle(({ bundle }) => seconds(bundle.predicate.expires)),
    'bundle',
  );
  metrics.watch(
    'plan_lint_bundle_sequence',
    'Sequence of the bundle',
    byBundle(({ bundle }) => bundle.identity.sequence),
    'bundle',
  );
  metrics.watch(
    'plan_lint_bundle_signed',
    '1 where somebody has signed the bundle',
    byBundle(({ candidate }) => (candidate.isSigned ? 1 : 0)),
    'bundle',
  );
  const byLane = (read: (lane: Lane) => number) => (): ReadonlyMap<string, number> =>
    new Map([...rollouts.lanes].map(([name, lane]) => [name, read(lane)]));
  metrics.watch(
    'plan_lint_rollout_percent',
    'Of whom a canary or shadow is asked; absent where none runs',
    byLane(({ settings }) => settings.percent),
    'bundle',
  );
  metrics.watch(
    'plan_lint_rollout_delta',
    'Share of refused plans of a canary or shadow, less that of what decides',
    byLane(({ report }) => deltaOf(report)),
    'bundle',
  );
  metrics.watchTotal(
    'plan_lint_rollout_stopped_total',
    'Canaries and shadows that have ended by themselves',
    () => rollouts.stopped,
  );
  metrics.watchTotal(
    'plan_lint_audit_lines_total',
    'Lines of the audit log since the start',
    () => audit.health().lines,
  );
  metrics.watch(
    'plan_lint_audit_bytes',
    'Bytes of the audit log since the start',
    () => audit.health().bytes,
  );
  metrics.watchTotal(
    'plan_lint_audit_errors_total',
    'Writes to the audit log that failed',
    () => audit.health().errors,
  );
  const bySink = (read: (status: SinkStatus) => number) => (): ReadonlyMap<string, number> =>
    new Map(readers.statuses().map((status) => [status.sink, read(status)]));
  metrics.watch(
    'plan_lint_sink_lag_lines',
    'Lines of the audit log that are still to go',
    bySink(({ lag }) => lag),
    'sink',
  );
  metrics.watch(
    'plan_lint_sink_up',
    '1 while the other side takes lines',
    bySink(({ state }) => (state === 'up' ? 1 : 0)),
    'sink',
  );
  metrics.watchTotal(
    'plan_lint_sink_errors_total',
    'Failures since the start',
    bySink(({ errors }) => errors),
    'sink',
  );
  metrics.watchTotal(
    'plan_lint_sink_missed_lines_total',
    'Lines that were removed before they were read',
    bySink(({ missed }) => missed),
    'sink',
  );
  metrics.watch('plan_lint_in_flight', 'Requests that are being answered', () => gate.inFlight);
  metrics.watch(
    'plan_lint_event_loop_delay_seconds',
    'Delay of the event loop, p99 of half a second',
    () => gate.delay / 1000,
  );
  metrics.watch('nodejs_heap_size_used_bytes', 'Memory of objects', () => process.memoryUsage().heapUsed);
  metrics.watch('process_resident_memory_bytes', 'Memory of the process', () => process.memoryUsage.rss());
}
