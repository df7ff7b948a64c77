// `node scripts/sbom.mjs [DIRECTORY]`: a bill of materials (CycloneDX 1.5) of each package, of what a user gets who installs its
// tarball. Each is resolved in a project of its own: asked within the workspaces, npm 11 follows the packages' edges in a circle
// until its stack ends. Written to DIRECTORY as NAME.cdx.json where one is given; a line is printed for each.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const work = mkdtempSync(join(tmpdir(), 'plan-lint-sbom-'));
const npm = (args, cwd) =>
  execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });

function materialsOf(name, tarballs) {
  const project = join(work, name.replace('/', '+'));
  mkdirSync(project);
  // All are named, for those that the package stands on are nowhere but here; npm omits what nothing asks for.
  const overrides = Object.fromEntries(
    [...tarballs].filter(([other]) => other !== name).map(([other, file]) => [other, `file:${file}`]),
  );
  const dependencies = { [name]: `file:${tarballs.get(name)}` };
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'project', version: '1.0.0', dependencies, overrides }),
  );
  npm(
    ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'],
    project,
  );
  return npm(['sbom', '--package-lock-only', '--omit', 'dev', '--sbom-format', 'cyclonedx'], project);
}

try {
  const directory = process.argv[2] === undefined ? undefined : resolve(process.argv[2]);
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  const packed = JSON.parse(
    npm(
      [
        'pack',
        '--json',
        '--ignore-scripts',
        '--pack-destination',
        work,
        '--workspaces',
        '--include-workspace-root',
      ],
      root,
    ),
  );
  const tarballs = new Map(Object.values(packed).map(({ name, filename }) => [name, join(work, filename)]));
  for (const name of tarballs.keys()) {
    const text = materialsOf(name, tarballs);
    const { components } = JSON.parse(text);
    const own = components.find((component) => component.name === name);
    if (own === undefined) throw new Error(`the bill of materials of ${name} does not name it`);
    console.log(`bill of materials: ${name}@${own.version}, with ${components.length - 1} packages below it`);
    if (directory !== undefined)
      writeFileSync(join(directory, `${name.replace(/^@/, '').replace('/', '-')}.cdx.json`), text);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
