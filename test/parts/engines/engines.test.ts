/** The runtime on every engine: what each cell of the table in docs/loading.md says was seen in this run. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeApp } from './app.ts';
import { ENGINES, type Engine, type Result, type Way } from './engines.ts';

const house = fileURLToPath(new URL('../../..', import.meta.url));
const page = join(house, 'docs/loading.md');
const only = process.env['ENGINE'];

let app = '';
let artifacts = 0;
beforeAll(async () => {
  app = mkdtempSync(join(tmpdir(), 'engines-'));
  artifacts = await writeApp(app, house);
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

const absent = ENGINES.filter((engine) => !engine.needs());
for (const { name } of absent) console.log(`skipped: engine ${name.replaceAll(' ', '_')} absent`);

const KINDS = ['tampered', 'reprinted', 'shadowed', 'swapped', 'another bundle'];

/** Everything that is refused by a way, with the code it must have. */
function refusals(way: Way): Readonly<Record<string, string>> {
  if (way !== 'adopt')
    return Object.fromEntries(
      KINDS.map((kind) => [kind, kind === 'another bundle' ? 'name_mismatch' : 'digest_mismatch']),
    );
  return { tampered: 'digest_mismatch', reprinted: 'digest_mismatch', swapped: 'digest_mismatch' };
}

const COLUMNS: readonly Way[] = ['import', 'vm', 'adopt'];

/** The line of an engine in the table. */
function rowOf(engine: Engine, { verify, ways }: Result): string {
  const cell = (way: Way): string => {
    if (!engine.ways.includes(way)) return '–';
    const { load = 'no' } = ways[way] ?? {};
    return load === 'yes' ? 'loads, decides' : 'no';
  };
  const isVerified = verify.length === 3 && verify.every((each) => each === 'accepted');
  return `| ${[engine.name, isVerified ? 'yes' : 'no', ...COLUMNS.map(cell), 'all'].join(' | ')} |`;
}

describe('each engine verifies, loads, decides and refuses', () => {
  const rows = new Map<string, string>();

  for (const engine of ENGINES) {
    if (only !== undefined && engine.name !== only) continue;
    it.skipIf(absent.includes(engine))(engine.name, async () => {
      const result = await engine.run(app);
      expect(result.error).toBeUndefined();
      expect(result.verify).toEqual(['accepted', 'accepted', 'accepted']);
      expect(Object.keys(result.ways).sort()).toEqual([...engine.ways].sort());
      for (const way of engine.ways) {
        const answer = result.ways[way];
        const refusing = engine.refusing?.[way];
        if (refusing) expect(answer?.load, way).toMatch(refusing);
        else expect(answer?.load, way).toBe('yes');
        expect(answer?.refuse, way).toEqual(refusals(way));
      }
      expect(result.ways.adopt?.shadowed).toBe(result.ways.adopt?.load);
      expect(result.surprises).toEqual(engine.differing ?? []);
      expect(artifacts).toBeGreaterThan(900);
      rows.set(engine.name, rowOf(engine, result));
    });
  }

  it('and the page says so', () => {
    const text = readFileSync(page, 'utf8');
    const [table = ''] = /\| Engine \|[^]*?(?=\n\n)/.exec(text) ?? [];
    const lines = table.split('\n');
    const isOf = (name: string) => (line: string) => line.startsWith(`| ${name} |`);
    // An engine that is not here keeps its line.
    const body = ENGINES.map(({ name }) => rows.get(name) ?? lines.find(isOf(name)) ?? '').filter(Boolean);
    const head = [
      '| Engine | Verifies | By `import` | By `vm` | Adopts | Refuses |',
      '| --- | --- | --- | --- | --- | --- |',
    ];
    const written = [...head, ...body].join('\n');
    if (process.env['UPDATE'] === '1') writeFileSync(page, text.replace(table, written));
    else expect(table).toBe(written);
  });
});
