/** What `npm run bench` is asked for. */
import { parseArgs } from 'node:util';

/** The parts of a run, in their order: what heap a plan costs depends on what ran before. */
export const SECTIONS = [
  'decisions',
  'peers',
  'cold',
  'rebuild',
  'sharing',
  'batch',
  'heap',
  'session',
  'bytes',
  'hostile',
] as const;
export type Section = (typeof SECTIONS)[number];

export interface Options {
  /** No large plans, and half the rounds. */
  readonly quick: boolean;
  readonly sections: readonly Section[];
  /** All of them: only such a run is kept. */
  readonly whole: boolean;
}

const isSection = (name: string): name is Section => (SECTIONS as readonly string[]).includes(name);

/**
 * Reads the words behind `npm run bench --`.
 *
 * @throws Error for a word that is none of them, and for a section that there is not
 */
export function optionsOf(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: 'boolean', default: false },
      'no-peers': { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  const { quick, only } = values;
  if (only !== undefined && !isSection(only))
    throw new Error(`there is no section \`${only}\`; \`--only\` takes one of ${SECTIONS.join(', ')}`);
  const sections = SECTIONS.filter(
    (name) => (only ?? name) === name && !(values['no-peers'] && name === 'peers'),
  );
  if (sections.length === 0) throw new Error('`--only peers --no-peers` leaves nothing to measure');
  return { quick, sections, whole: sections.length === SECTIONS.length };
}
