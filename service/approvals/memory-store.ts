/** Approvals that end with the process. */
import type { ApprovalQuery, ApprovalRow, ApprovalStore } from './row.ts';

const inOrder = (left: ApprovalRow, right: ApprovalRow): number =>
  left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1);

function answers(row: ApprovalRow, { state, team, after }: ApprovalQuery): boolean {
  if (state !== null && row.state !== state) return false;
  if (team !== null && row.team !== team) return false;
  if (after === null) return true;
  return row.createdAt > after.createdAt || (row.createdAt === after.createdAt && row.id > after.id);
}

export function memoryStore(): ApprovalStore {
  const rows = new Map<string, ApprovalRow>();
  const pending = (): readonly ApprovalRow[] => [...rows.values()].filter(({ state }) => state === 'pending');
  return {
    waiting: (subject) => {
      const all = pending();
      return Promise.resolve({ all: all.length, ofOne: all.filter((row) => row.subject === subject).length });
    },
    insert: (row) => Promise.resolve(void rows.set(row.id, row)),
    read: (id) => Promise.resolve(rows.get(id) ?? null),
    lastFor: (key) =>
      Promise.resolve(
        [...rows.values()]
          .filter((row) => row.key === key)
          .sort(inOrder)
          .at(-1) ?? null,
      ),
    swap: (row) => {
      const isNext = rows.get(row.id)?.version === row.version - 1;
      if (isNext) rows.set(row.id, row);
      return Promise.resolve(isNext);
    },
    remove: (id) => Promise.resolve(void rows.delete(id)),
    list: (query) =>
      Promise.resolve(
        [...rows.values()]
          .filter((row) => answers(row, query))
          .sort(inOrder)
          .slice(0, query.limit),
      ),
    lapsed: (instant) => Promise.resolve(pending().filter(({ expiresAt }) => expiresAt <= instant)),
    forget: (instant) => {
      for (const { id, state, expiresAt } of rows.values())
        if (state !== 'pending' && expiresAt < instant) rows.delete(id);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
