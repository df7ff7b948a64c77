/** Which rules, and which evidence of the log, stand for which control: data that an auditor may change. */
import { ConfigError, list, map, section, text, word } from '../config/field.ts';
import type { Read } from '../config/field.ts';
import { settings } from '../config/check.ts';
import { parseSettings } from '../config/load.ts';

/** What of a log is evidence beside rules. */
export const EVIDENCE = [
  'decisions',
  'bundles',
  'approvals',
  'exceptions',
  'rollouts',
  'refusals',
  'chain',
] as const;
export type Evidence = (typeof EVIDENCE)[number];

const FILE = section('Controls.', {
  frameworks: map(
    map(
      section('A control.', {
        title: text({ description: 'What it is about.', fallback: '' }),
        rules: list(
          text({ description: 'A rule, or `name_*`.', fallback: '' }),
          'Rules that stand for it; `*` stands for any letters.',
        ),
        evidence: list(
          word(EVIDENCE, { description: 'What of the log.', fallback: 'decisions' }),
          'What of the log is evidence for it.',
        ),
      }),
      'Controls by their number.',
    ),
    'Controls by framework.',
  ),
});

const SETTINGS = settings(FILE);

export type Controls = Read<typeof FILE>['frameworks'];

/** @throws ConfigError with the place and a way out */
export function readControls(written: string, file: string): Controls {
  const { frameworks } = SETTINGS.read(parseSettings(written, file));
  for (const [framework, controls] of frameworks)
    for (const [control, { rules, evidence }] of controls)
      if (rules.length + evidence.length === 0)
        throw new ConfigError(
          `\`frameworks.${framework}.${control}\` names neither rules nor evidence`,
          'give it `rules: [name_*]`, or `evidence: [approvals]`',
        );
  if (frameworks.size === 0)
    throw new ConfigError(
      `\`${file}\` holds no controls`,
      'write frameworks: { "SOC 2": { "CC6.1": { rules: [name] } } }',
    );
  return frameworks;
}

/** Whether a rule is named: as it stands, or by a pattern. */
export function names(pattern: string, rule: string): boolean {
  if (!pattern.includes('*')) return pattern === rule;
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(rule);
}
