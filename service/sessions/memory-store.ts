/** Sessions that end with the process. */
import { bytesOf } from './row.ts';
import type { SessionRow, SessionStore } from './row.ts';

export function memoryStore(): SessionStore {
  const rows = new Map<string, SessionRow>();
  const versionOf = (id: string): number | null => rows.get(id)?.version ?? null;
  const put = (row: SessionRow): void => {
    rows.set(row.id, row);
  };
  return {
    isShared: false,
    insert: (row) => {
      put(row);
      return Promise.resolve();
    },
    read: (id) => Promise.resolve(rows.get(id) ?? null),
    versionOf: (id) => Promise.resolve(versionOf(id)),
    swap: (row) => {
      const isNext = versionOf(row.id) === row.version - 1;
      if (isNext) put(row);
      return Promise.resolve(isNext);
    },
    remove: ({ id, version }) => Promise.resolve(versionOf(id) === version && rows.delete(id)),
    idleSince: (instant) =>
      Promise.resolve([...rows.values()].filter(({ askedAt }) => askedAt < instant).map(({ id }) => id)),
    begunBy: (instance) =>
      Promise.resolve(
        [...rows.values()]
          .filter((row) => row.instance === instance)
          .map((row) => ({ id: row.id, subject: row.subject, bytes: bytesOf(row) })),
      ),
    close: () => Promise.resolve(),
  };
}
