import { watch } from 'node:fs/promises';

/** Editors write a file in several events; one save should be one run. */
const QUIET_MS = 60;

/** Calls `changed` after files whose name matches have changed, until the signal aborts. */
export async function watchDirectory(
  directory: string,
  name: RegExp,
  signal: AbortSignal | undefined,
  changed: () => Promise<void>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  try {
    for await (const { filename } of watch(directory, { recursive: true, ...(signal && { signal }) })) {
      // Our own temporary files begin with a dot, as those of most editors do.
      if (filename === null || !name.test(filename) || /(^|[\\/])\./.test(filename)) continue;
      clearTimeout(timer);
      timer = setTimeout(() => {
        running = running.then(changed);
      }, QUIET_MS);
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
  } finally {
    clearTimeout(timer);
    await running;
  }
}
