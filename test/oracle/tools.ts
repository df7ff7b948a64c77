import { once } from './once.ts';

/** Which tools a glob names. */
export const matchesGlob = (glob: string, tool: string): boolean => patternOf(glob).test(tool);

const patternOf = once((glob: string): RegExp => {
  const source = glob
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
    .join('[^]*');
  return new RegExp(`^${source}$`);
});
