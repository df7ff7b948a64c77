/**
 * The figures by which rules decide, as the documentation names them: the code has its own, and where the two part, tests
 * around these figures fail.
 */
import { readFileSync } from 'node:fs';

type Page = 'flows.md' | 'settings.md';

const pageText = (page: Page): string =>
  readFileSync(new URL(`../../docs/policies/${page}`, import.meta.url), 'utf8').replace(/\s+/g, ' ');

const IN_WORDS: Readonly<Record<string, number>> = { four: 4, 'a thousand': 1000 };

function figure(page: Page, sentence: RegExp): number {
  const [, written = ''] = sentence.exec(pageText(page)) ?? [];
  const value = IN_WORDS[written] ?? Number(written);
  if (written === '' || Number.isNaN(value))
    throw new Error(`docs/policies/${page} does not say ${sentence.source}`);
  return value;
}

export interface FlowLimits {
  /** From how many characters on a text counts as a part of another. */
  readonly shortestPart: number;
  /** How much of a long text has to be copied. */
  readonly longestPart: number;
  /** With more different texts than this every sink fires. */
  readonly values: number;
}

export const FLOW_LIMITS: FlowLimits = {
  shortestPart: figure('flows.md', /A text of ([a-z]+) characters or more counts as a part of another/),
  longestPart: figure('flows.md', /of more than (a thousand), the first thousand count/),
  values: figure('flows.md', /With more than (\d+) different texts every step/),
};

/** How many steps a plan may have that gets all that is to be said of it, whatever `max_steps` says. */
export const LONG_PLAN = figure('settings.md', /A plan of more than (\d+) steps that it denies/);
