/** Where a reader stands, in a file of its own: replaced in one step, on disk before it counts. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseJson } from '@plan-lint/runtime/json';
import { AuditError, isSystemCode } from '../audit/errors.ts';
import { writeWhole } from '../write-whole.ts';
import { BEGINNING, type Position } from '../audit/reader.ts';

export interface CursorStore {
  /** @throws AuditError `cursor_unreadable`: nothing is skipped by guessing */
  load(): Promise<Position>;
  save(position: Position): Promise<void>;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Reads a position as it was written. @throws SyntaxError */
export function parsePosition(text: string): Position {
  const { seq, hash, segment, offset } = parseJson(text) as Partial<Position>;
  if (!isCount(seq) || !isCount(segment) || !isCount(offset) || typeof hash !== 'string')
    throw new SyntaxError('no position');
  return { seq, hash, segment, offset };
}

/** @param path - of the file; its directory is made */
export function fileCursor(path: string): CursorStore {
  return {
    async load() {
      try {
        return parsePosition(await readFile(path, 'utf8'));
      } catch (error) {
        if (isSystemCode(error, 'ENOENT')) return BEGINNING;
        throw new AuditError('cursor_unreadable', path);
      }
    },
    async save(position) {
      await mkdir(dirname(path), { recursive: true });
      await writeWhole(path, `${JSON.stringify(position)}\n`, 0o640);
    },
  };
}
