/** What a session or a run may refuse, and where it says so: each code stands in docs/sessions.md, and none that is not there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SESSION_ERRORS } from '../../runtime/session/index.ts';

const ROOMS = ['runtime/session', 'engine/session', 'cli/session'] as const;
const page = readFileSync('docs/sessions.md', 'utf8');

const codesIn = (text: string): readonly string[] =>
  [...text.matchAll(/'((?:session|run)\.[a-z_]+)'/g)].map(([, code]) => code ?? '');

it('has every code, once, with what throws or answers it', () => {
  const sources = ROOMS.flatMap((room) =>
    readdirSync(room).map((file) => readFileSync(join(room, file), 'utf8')),
  );
  const said = [...new Set(sources.flatMap(codesIn))].sort();
  const rows = [...page.matchAll(/^\| `((?:session|run)\.[a-z_]+)` \| (.+?) \| (.+?) \|$/gm)];
  expect(rows.map(([, code]) => code).sort()).toEqual(said);
  const thrown = Object.keys(SESSION_ERRORS);
  expect(
    rows
      .filter(([, , how]) => how?.includes('thrown'))
      .map(([, code]) => code)
      .sort(),
  ).toEqual(thrown.sort());
});
