/** What the machine has left: memory and processor against the limit of the container, the disk of the audit log. */
import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';

export interface SystemMetrics {
  readonly memory_percent: number;
  readonly cpu_percent: number;
  readonly disk_percent: number;
}

const CGROUP = '/sys/fs/cgroup';
const round = (value: number): number => Math.round(value * 10) / 10;

/** A number in a file of the kernel; `null` where there is none, or no limit. */
async function figure(path: string): Promise<number | null> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    const value = Number(text);
    // Version 1 writes "no limit" as the largest number of pages.
    return text === '' || Number.isNaN(value) || value > 2 ** 60 ? null : value;
  } catch {
    return null;
  }
}

async function memoryPercent(): Promise<number> {
  const limit =
    (await figure(`${CGROUP}/memory.max`)) ?? (await figure(`${CGROUP}/memory/memory.limit_in_bytes`));
  if (limit === null || limit > totalmem()) return round((1 - freemem() / totalmem()) * 100);
  const used =
    (await figure(`${CGROUP}/memory.current`)) ??
    (await figure(`${CGROUP}/memory/memory.usage_in_bytes`)) ??
    0;
  // What the kernel gives back when it is asked for is not used.
  const cached = await inactiveFile();
  return round((Math.max(used - cached, 0) / limit) * 100);
}

async function inactiveFile(): Promise<number> {
  for (const path of [`${CGROUP}/memory.stat`, `${CGROUP}/memory/memory.stat`]) {
    const text = await readFile(path, 'utf8').catch(() => '');
    const found = /^(?:total_)?inactive_file (\d+)$/m.exec(text);
    if (found) return Number(found[1]);
  }
  return 0;
}

/** Processors that the container may use. */
async function processors(): Promise<number> {
  const [quota, period] = (await readFile(`${CGROUP}/cpu.max`, 'utf8').catch(() => 'max')).trim().split(' ');
  if (quota !== undefined && quota !== 'max' && period !== undefined) return Number(quota) / Number(period);
  const older = await figure(`${CGROUP}/cpu/cpu.cfs_quota_us`);
  const olderPeriod = await figure(`${CGROUP}/cpu/cpu.cfs_period_us`);
  return older !== null && older > 0 && olderPeriod !== null ? older / olderPeriod : availableParallelism();
}

async function diskPercent(path: string): Promise<number> {
  try {
    const { blocks, bavail } = await statfs(path);
    return blocks === 0 ? 0 : round((1 - bavail / blocks) * 100);
  } catch {
    return 0;
  }
}

/** Seconds of the mean of the processor: a moment of full load is no reason to leave. */
const WINDOW = 60;
const EVERY = 5;

/** Keeps the mean of the processor of this process over a minute. */
export class SystemWatch {
  readonly #disk: string;
  readonly #samples: { readonly at: number; readonly used: number }[] = [];
  readonly #timer: NodeJS.Timeout;

  /** @param disk - a path on the disk that is watched */
  constructor(disk: string) {
    this.#disk = disk;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), EVERY * 1000);
    this.#timer.unref();
  }

  #sample(): void {
    const { user, system } = process.cpuUsage();
    this.#samples.push({ at: performance.now() * 1000, used: user + system });
    if (this.#samples.length > WINDOW / EVERY + 1) this.#samples.shift();
  }

  async read(): Promise<SystemMetrics> {
    const first = this.#samples[0];
    const { user, system } = process.cpuUsage();
    const elapsed = performance.now() * 1000 - (first?.at ?? 0);
    const share = first && elapsed > 1_000_000 ? (user + system - first.used) / elapsed : 0;
    return {
      memory_percent: await memoryPercent(),
      cpu_percent: round((share / (await processors())) * 100),
      disk_percent: await diskPercent(this.#disk),
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
