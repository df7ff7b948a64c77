/**
 * One way in: who may import whom. A phase knows the stages (`ir`) and the diagnostics, never another phase; the
 * runtime knows nobody; the oracle shares no code with what it judges.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { circlesOf } from './support/circles.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What of the compiler others see: compiling; what it knows, to be read; signing. */
const FACES = ['compiler/index.ts', 'compiler/inspect.ts', 'compiler/6-sign/index.ts'];

/** Part → what it may import: other parts, and packages. Types-only imports count like any other. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  runtime: [],
  'engine/module': ['engine/cel', 'engine/text', '@plan-lint/runtime/contract'],
  'engine/text': [],
  'engine/cel': ['engine/text'],
  'engine/rules': ['engine/module', 'engine/text'],
  'engine/guard': ['engine/module', 'engine/text'],
  'engine/walk': ['engine/guard', 'engine/text', '@plan-lint/runtime/contract'],
  'engine/messages': [
    'engine/module',
    'engine/rules',
    'engine/text',
    'engine/walk',
    '@plan-lint/runtime/contract',
  ],
  'engine/whole-plan': ['engine/messages', 'engine/module', 'engine/rules', 'engine/text'],
  'engine/session': [
    'engine/work.ts',
    'engine/cel',
    'engine/guard',
    'engine/messages',
    'engine/module',
    'engine/rules',
    'engine/text',
    'engine/walk',
    'engine/whole-plan',
    '@plan-lint/runtime/contract',
  ],
  'engine/bytes': [
    'engine/decide.ts',
    'engine/guard',
    'engine/module',
    'engine/rules',
    'engine/text',
    'engine/walk',
    'engine/whole-plan',
    '@plan-lint/runtime/contract',
  ],
  engine: ['@plan-lint/runtime/contract'],
  'compiler/ir': ['@plan-lint/runtime/contract'],
  'compiler/diagnostics': ['compiler/ir', '@plan-lint/runtime/contract'],
  'compiler/glob': [],
  'compiler/spelling': ['compiler/ir', 'engine/text'],
  'compiler/code': ['@plan-lint/runtime/contract'],
  'compiler/operations': ['compiler/ir', 'compiler/spelling', 'compiler/code'],
  'compiler/cel': ['compiler/ir', 'compiler/diagnostics', 'engine/cel'],
  'compiler/patterns/syntax': ['compiler/ir', '@eslint-community/regexpp'],
  'compiler/patterns/automata': ['compiler/ir', 'compiler/patterns/syntax'],
  'compiler/patterns/questions': [
    'compiler/ir',
    'compiler/patterns/automata',
    'compiler/patterns/syntax',
    '@eslint-community/regexpp',
  ],
  'compiler/patterns/engines': [
    'compiler/ir',
    'compiler/patterns/automata',
    'compiler/patterns/questions',
    'compiler/patterns/syntax',
  ],
  'compiler/patterns': ['compiler/ir', '@eslint-community/regexpp'],
  'compiler/proof': ['compiler/ir', 'compiler/glob', 'compiler/patterns', 'compiler/spelling'],
  'compiler/laws': [
    'compiler/ir',
    'compiler/diagnostics',
    'compiler/cel',
    'compiler/examples',
    'compiler/glob',
    'compiler/operations',
    'compiler/patterns',
    'compiler/proof',
    '@plan-lint/runtime/contract',
  ],
  'compiler/examples': ['compiler/ir', 'compiler/cel', 'compiler/glob', 'compiler/proof'],
  'compiler/compare': [
    'compiler/ir',
    'compiler/cel',
    'compiler/examples',
    'compiler/glob',
    'compiler/laws',
    'compiler/proof',
    '@plan-lint/runtime/contract',
  ],
  'compiler/explain': [
    'compiler/ir',
    'compiler/cel',
    'compiler/glob',
    'compiler/diagnostics',
    'compiler/operations',
    'compiler/proof',
    'compiler/spelling',
    '@plan-lint/runtime/contract',
  ],
  'compiler/analysis': [
    'compiler/ir',
    'compiler/cel',
    'compiler/diagnostics',
    'compiler/glob',
    'compiler/patterns',
    'compiler/proof',
    '@plan-lint/runtime/contract',
  ],
  'compiler/1-parse': [
    'compiler/ir',
    'compiler/glob',
    'compiler/diagnostics',
    'compiler/operations',
    'compiler/spelling',
    '@plan-lint/runtime/contract',
    'ajv',
    'ajv/dist/2020.js',
    'js-yaml',
    '#shape-validators',
  ],
  'compiler/2-resolve': [
    'compiler/ir',
    'compiler/diagnostics',
    'compiler/examples',
    'compiler/glob',
    'compiler/laws',
    'compiler/operations',
    'compiler/spelling',
    '@plan-lint/runtime/contract',
    '@plan-lint/runtime/digest',
  ],
  'compiler/3-lower': [
    'compiler/cel',
    'compiler/ir',
    'compiler/diagnostics',
    'compiler/glob',
    'compiler/operations',
    'compiler/patterns',
    'compiler/spelling',
  ],
  'compiler/4-optimize': [
    'compiler/ir',
    'compiler/operations',
    'compiler/glob',
    'compiler/patterns',
    'compiler/spelling',
  ],
  'compiler/5-emit': [
    'engine',
    'compiler/ir',
    'compiler/code',
    'compiler/diagnostics',
    'compiler/operations',
    'compiler/glob',
    'compiler/spelling',
    '@plan-lint/runtime/contract',
    'ajv',
    '#byte-scanner',
    '#engine-parts',
  ],
  'compiler/6-sign': [
    'compiler/ir',
    '@plan-lint/runtime/contract',
    '@plan-lint/runtime/digest',
    '@plan-lint/runtime/receipt',
    'node-forge',
    'node:crypto',
    'node:child_process',
    'node:fs/promises',
  ],
  plans: ['@plan-lint/runtime', '@plan-lint/runtime/json'],
  workers: ['node:os', 'node:timers/promises', 'node:worker_threads'],
  decisions: [
    'plans',
    '@plan-lint/runtime',
    '@plan-lint/runtime/bytes',
    '@plan-lint/runtime/contract',
    '@plan-lint/runtime/digest',
    '@plan-lint/runtime/receipt',
    'node:crypto',
  ],
  bundles: [
    ...FACES,
    '@plan-lint/runtime',
    '@plan-lint/runtime/contract',
    'tar',
    'node:crypto',
    'node:fs',
    'node:fs/promises',
    'node:module',
    'node:path',
    'node:url',
    'node:vm',
    'node:zlib',
  ],
  service: [
    'ajv',
    'ajv/dist/2020.js',
    'plan-lint',
    '@plan-lint/runtime',
    '@opentelemetry/api',
    'fastify',
    'jose',
    'js-yaml',
    'libsql',
    'pg',
    'pino',
    'prom-client',
    'node:assert',
    'node:crypto',
    'node:dgram',
    'node:dns',
    'node:events',
    'node:fs',
    'node:http',
    'node:https',
    'node:net',
    'node:os',
    'node:path',
    'node:perf_hooks',
    'node:process',
    'node:sqlite',
    'node:stream',
    'node:timers',
    'node:tls',
    'node:url',
    'node:util',
    'node:worker_threads',
    'node:zlib',
  ],
  agents: [
    'plan-lint',
    '@plan-lint/runtime',
    'node:child_process',
    'node:crypto',
    'node:fs',
    'node:http',
    'node:net',
    'node:os',
    'node:path',
    'node:stream',
    'node:util',
  ],
  'test/oracle': [
    'compiler/ir',
    '@bufbuild/cel',
    '@bufbuild/cel/ext',
    '@bufbuild/protobuf/wkt',
    // Tables of Unicode and figures of the documentation.
    'node:fs',
    // Readers of the host, where the engine has its own.
    'node:path',
  ],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => posix.join(folder, path.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts') && !/(^|\/)(dist|node_modules)\//.test(path));
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [
    ...text.matchAll(/^(?:import|export)\b[^'"`;]*?from '([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gm),
  ];
  return specifiers.map((found) => {
    const written = found[1] ?? found[2] ?? found[3] ?? '';
    const to = written.startsWith('.') ? relative(root, join(root, dirname(file), written)) : written;
    return { from: file, to: to.replaceAll('\\', '/') };
  });
}

describe.each(Object.entries(ALLOWED))('%s', (part, allowed) => {
  const files = filesBelow(part);

  it('has files', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it('imports only what the table allows', () => {
    const within = (to: string, place: string): boolean => to === place || to.startsWith(`${place}/`);
    const wrong = files
      .flatMap(importsOf)
      .filter(({ to }) => ![part, ...allowed].some((place) => within(to, place)))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(wrong).toEqual([]);
  });
});

/** Rooms from `ls`, the roots of whole trees of files. */
const ROOTS = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(\.|dist$|fixtures$|node_modules$)/.test(entry.name))
  .map(({ name }) => name);

/** Circles that stand, each to be taken apart: the list may only grow shorter. */
const STANDING: readonly (readonly string[])[] = [];

const allImports = ROOTS.flatMap(filesBelow).flatMap(importsOf);

/** Where a file stands: `cli`, but in compiler and engine the room within. */
function roomOf(path: string): string {
  const parts = path.split('/');
  return parts.slice(0, parts[0] === 'compiler' || parts[0] === 'engine' ? 2 : 1).join('/');
}

describe('circles, imports of types too', () => {
  const rooms = allImports
    .map(({ from, to }) => ({ from: roomOf(from), to: roomOf(to) }))
    .filter(({ from, to }) => from !== to);
  const circles = [...circlesOf(allImports), ...circlesOf(rooms)].map((circle) => circle.join(' ↔ '));
  const standing = STANDING.map((circle) => circle.join(' ↔ '));

  it('there are none but those that stand', () => {
    expect(circles.filter((circle) => !standing.includes(circle))).toEqual([]);
  });

  it('those that are gone are not listed', () => {
    expect(standing.filter((circle) => !circles.includes(circle))).toEqual([]);
  });
});

it('every folder of the compiler stands in the table', () => {
  const folders = readdirSync(join(root, 'compiler'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `compiler/${entry.name}`);
  expect(folders.filter((folder) => !Object.hasOwn(ALLOWED, folder))).toEqual([]);
});

it('every folder of the engine stands in the table', () => {
  const rooms = readdirSync(join(root, 'engine'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `engine/${entry.name}`);
  expect(rooms.filter((room) => !Object.hasOwn(ALLOWED, room))).toEqual([]);
});

/** What the engine keeps for all who decide with one module: answers of pure functions, which are the same for everyone. */
const SHARED = [
  'engine/guard/cells.ts inAnyCase',
  'engine/text/plain.ts kept',
  'engine/text/plain.ts keptLength',
  'engine/text/plain.ts table',
];

it('the engine remembers nothing of a plan but in what decides it', () => {
  const variables = readdirSync(join(root, 'engine'), { recursive: true, encoding: 'utf8' })
    // What the scanner remembers is in its instance, of which each that decides has its own.
    .filter((file) => file.endsWith('.ts') && !/bytes[/\\]scanner[/\\]/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(root, 'engine', file), 'utf8');
      return [...text.matchAll(/^(?:export )?(?:let|var) (\w+)/gm)].map(
        ([, name]) => `engine/${file} ${name}`,
      );
    });
  expect(variables.sort()).toEqual(SHARED);
});

it('the command line sees the faces of the compiler, and nothing of the engine', () => {
  const behind = allImports
    .filter(
      ({ from, to }) => from.startsWith('cli/') && /^(compiler|engine)\//.test(to) && !FACES.includes(to),
    )
    .map(({ from, to }) => `${from} → ${to}`);
  expect(behind).toEqual([]);
});

it('nothing imports the command line', () => {
  const above = /^(cli|test|bench)\//;
  const wrong = allImports.filter(({ from, to }) => to.startsWith('cli/') && !above.test(from));
  expect(wrong).toEqual([]);
});

/**
 * What the engine's own reader may read: nothing that others write, for it can be made to misread names
 * (`runtime/json.ts`). Each with the reason.
 */
const OWN_JSON: Readonly<Record<string, string>> = {
  'runtime/json.ts': 'strings and numbers alone, never an object',
  'runtime/plan-text.ts': 'texts in which no name has an escape',
  'runtime/canonical.ts': 'held against what JSON.stringify makes of it, to the byte',
  'runtime/sidecar.ts': 'held against what JSON.stringify makes of it, to the byte',
  'runtime/tools.ts': 'the self-test',
  'bundles/trial.ts': 'a source map that was made just before',
  'cli/batch/blocks.ts': 'asks whether a line is JSON, and reads nothing',
  'service/audit/checkpoint.ts': 'held against what JSON.stringify makes of it, to the byte, by parseSidecar',
  'service/audit/line.ts': 'held against what JSON.stringify makes of it, to the byte',
  'compiler/1-parse/json.ts': 'strings and words alone, never an object',
  'compiler/memory.ts': 'our own cache, arrays',
  'compiler/record.ts': 'our own cache, arrays',
  'compiler/patterns/engines/cache.ts': 'our own cache, names of ours',
  'compiler/5-emit/validators/index.ts': 'what was written a line before, names of ours',
  'compiler/5-emit/validators/rest.ts': 'what was written before, names of ours',
  'compiler/5-emit/validators/standalone.ts': 'schemas with placeholders for names',
};

it('only one reader reads JSON that others write', () => {
  const places = [
    'runtime',
    'engine',
    'plans',
    'decisions',
    'bundles',
    'workers',
    'cli',
    'compiler',
    'service',
    'agents',
  ];
  const uses = places
    .flatMap(filesBelow)
    .filter((file) => /\bJSON\.parse\(|\.json\(\)/.test(readFileSync(join(root, file), 'utf8')));
  expect(uses.sort()).toEqual(Object.keys(OWN_JSON).sort());
});

it('the runtime has no dependencies', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'runtime/package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  for (const key of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies']) {
    expect(manifest).not.toHaveProperty(key);
  }
});

it('one version: the packages and the constant that bundles are held against', async () => {
  const { RUNTIME_VERSION } = await import('../runtime/contract.ts');
  const versions = [
    'package.json',
    'runtime/package.json',
    'service/package.json',
    'agents/package.json',
  ].map((path) => {
    return (JSON.parse(readFileSync(join(root, path), 'utf8')) as { version: string }).version;
  });
  expect(new Set(versions)).toEqual(new Set([RUNTIME_VERSION]));
});
