import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what `install-parts.mjs` installs is: outside the tree. */
export const partsDirectory = () =>
  process.env['PLAN_LINT_PARTS'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'plan-lint');
