/** What `npm run bench --` takes: a word it does not know measures nothing. */
import { describe, expect, it } from 'vitest';
import { optionsOf, SECTIONS } from '../../bench/options.ts';

describe('options of the benchmark', () => {
  it('measures everything', () => {
    expect(optionsOf([])).toEqual({ quick: false, sections: SECTIONS, whole: true });
    expect(optionsOf(['--quick'])).toEqual({ quick: true, sections: SECTIONS, whole: true });
  });

  it('takes one section, and such a run is not whole', () => {
    for (const section of SECTIONS)
      expect(optionsOf(['--only', section])).toEqual({ quick: false, sections: [section], whole: false });
  });

  it('leaves out the peers, and such a run is not whole', () => {
    const { sections, whole } = optionsOf(['--no-peers']);
    expect(sections).toEqual(SECTIONS.filter((name) => name !== 'peers'));
    expect(whole).toBe(false);
  });

  it.each([
    [['--only', 'pears'], /no section `pears`; `--only` takes one of decisions, peers, /],
    [['--only', 'peers', '--no-peers'], /leaves nothing to measure/],
    [['--only'], /--only/],
    [['--quik'], /--quik/],
    [['peers'], /peers/],
  ])('refuses %j', (words, message) => {
    expect(() => optionsOf(words)).toThrow(message);
  });
});
