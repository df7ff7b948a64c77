/** Installs the peers where they are missing, builds, and runs the benchmark. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** The compiler that is built with the benchmark finds what was made at build time as the package does: by its `imports`. */
function takeParts() {
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const own = Object.entries(imports).map(([name, { default: made }]) => {
    copyFileSync(join(root, made), join(root, 'bench/dist', basename(made)));
    return [name, `./${basename(made)}`];
  });
  const scope = { type: 'module', imports: Object.fromEntries(own) };
  writeFileSync(join(root, 'bench/dist/package.json'), JSON.stringify(scope));
}

const words = process.argv.slice(2);
const script = words[0] === undefined || words[0].startsWith('-') ? 'main' : words.shift();
const only = words.includes('--only') ? words[words.indexOf('--only') + 1] : 'peers';
// Not `npm ci`: it refuses a lockfile that was written where packages for other platforms could not be had.
if (
  script === 'main' &&
  only === 'peers' &&
  !words.includes('--no-peers') &&
  !existsSync(new URL('node_modules', import.meta.url))
)
  run(npm, ['install', '--no-save', '--prefix', 'bench', '--workspaces=false']);
run(npm, ['run', '--silent', 'build']);
run(npx, ['tsc', '-p', 'bench/tsconfig.build.json']);
takeParts();
// cedar-wasm 4.13.0 kills Node 20.20 once it is hot unless this optimisation is off; OPA, the other wasm here, decides
// as fast without it, for a plan is one call.
run(process.execPath, ['--no-turbo-inline-js-wasm-calls', `bench/dist/bench/${script}.js`, ...words]);
