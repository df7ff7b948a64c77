/** What was fetched into a policy directory, for people. */
import type { Departure } from '../../bundles/vendor/check.ts';
import { LOCK_FILE, type LockedPackage } from '../../bundles/vendor/lock.ts';
import { shown } from './shown.ts';

export const vendoredText = (
  { into, bundle, version, channel, sequence, files }: LockedPackage,
  left: readonly string[],
): string =>
  shown`fetched      ${bundle} ${version}, channel ${channel}, sequence ${sequence}\n` +
  files.map(({ name, sha256 }) => shown`             ${into}/${name}#sha256=${sha256}\n`).join('') +
  left.map((name) => shown`left out     ${name}: it speaks for its own directory alone\n`).join('') +
  `written      ${LOCK_FILE}\n`;

export function departuresText(packages: readonly LockedPackage[], departures: readonly Departure[]): string {
  if (packages.length === 0) return `nothing      there is no ${LOCK_FILE}, or nothing in it\n`;
  if (departures.length > 0)
    return departures.map(({ path, kind }) => shown`${kind.padEnd(12)} ${path}\n`).join('');
  return packages
    .map(
      ({ into, bundle, version, files }) =>
        shown`as locked    ${into}: ${bundle} ${version}, ${files.length} files\n`,
    )
    .join('');
}
