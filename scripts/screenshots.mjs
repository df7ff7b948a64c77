// Makes the pictures of docs/: reports on the plans of fixtures/, in light and dark, by a headless Chromium.
//   npm run build && CHROMIUM=chromium node scripts/screenshots.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pictures = join(root, 'docs/images');
const work = mkdtempSync(join(tmpdir(), 'plan-lint-pictures-'));
const plans = ['--plans-dir', 'fixtures', '--plans-pattern', '**/plans/*.json'];

function planLint(...args) {
  execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { cwd: root, stdio: 'inherit' });
}

function picture(page, name, scheme, height) {
  execFileSync(
    process.env['CHROMIUM'] ?? 'chromium',
    [
      '--headless',
      // Chromium has no sandbox to offer to root in a container; the page is our own and loads nothing.
      '--no-sandbox',
      '--disable-gpu',
      '--hide-scrollbars',
      `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`,
      `--window-size=1100,${height}`,
      `--screenshot=${join(pictures, `${name}-${scheme}.png`)}`,
      pathToFileURL(join(work, page)).href,
    ],
    { stdio: 'ignore' },
  );
}

mkdirSync(pictures, { recursive: true });
try {
  const report = join(work, 'report.html');
  planLint('validate-batch', ...plans, '--policy-dir', 'policies', '--output', report, '--fail-on', 'never');
  const simulation = join(work, 'simulation.html');
  const change = [
    '--old',
    'policies',
    '--old-entry',
    'development',
    '--new',
    'policies',
    '--new-entry',
    'production',
  ];
  planLint('simulate', ...change, ...plans, '--output', simulation);
  for (const scheme of ['light', 'dark']) {
    picture('report.html', 'validation-report', scheme, 1400);
    picture('simulation.html', 'simulation', scheme, 1400);
  }
} finally {
  rmSync(work, { recursive: true });
}
