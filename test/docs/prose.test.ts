/**
 * Pages are read at night: sentences of at most 16 words in the mean, none over 40, an example on the first screen, and each
 * page says which kind it is: a tutorial, a how-to, a reference or a why.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileOf } from './page.ts';
import { sentencesOf, wordsIn } from '../../scripts/prose.ts';

const MEAN = 16;
const MOST = 40;
/** Lines that a reader sees without scrolling. */
const SCREEN = 45;

/** Notes of the workshop: measured facts in the order they were found. */
const NOTES = new Set(['docs/performance-details.md']);

const pages = readdirSync(fileOf('docs'), { recursive: true, encoding: 'utf8' })
  .map((path) => `docs/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.md') && !path.startsWith('docs/codes/'))
  .sort();

describe.each(['README.md', ...pages])('%s', (path) => {
  const text = readFileSync(fileOf(path), 'utf8');
  const lengths = sentencesOf(text).map((sentence) => ({ words: wordsIn(sentence), sentence }));

  it.skipIf(NOTES.has(path))('has short sentences', () => {
    expect(lengths.filter(({ words }) => words > MOST).map(({ sentence }) => sentence)).toEqual([]);
    const sum = lengths.reduce((total, { words }) => total + words, 0);
    expect(sum / Math.max(1, lengths.length)).toBeLessThanOrEqual(MEAN);
  });

  it.skipIf(NOTES.has(path))('shows an example on the first screen', () => {
    expect(text.split('\n').slice(0, SCREEN).join('\n')).toMatch(/^(```|\| )/m);
  });

  it('says which kind of page it is', () => {
    if (path === 'README.md' || path === 'docs/README.md') return;
    expect(text.split('\n').slice(0, 6).join('\n')).toMatch(/\*(Tutorial|How-to|Reference|Why)\.\*/);
  });
});
