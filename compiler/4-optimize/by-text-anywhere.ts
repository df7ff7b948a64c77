import { soughtTexts } from './by-text.ts';
import type { NarrowPass } from './pass.ts';

/** Texts looked for anywhere in the arguments. */
export const byTextAnywhere: NarrowPass = {
  name: 'by-text-anywhere',
  triggers({ path, test, negated }) {
    if (path !== null || negated) return null;
    return soughtTexts(test)?.map((sought) => ({ by: 'text', sought })) ?? null;
  },
};
