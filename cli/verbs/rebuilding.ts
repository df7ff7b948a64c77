/** Building a bundle's module again, for verbs that compare: the compiler is large, and loaded when asked. */
import type { BuildTools } from '../trust/compare-sources.ts';
import type { Io } from '../terminal/io.ts';

export const rebuilding = (io: Io): BuildTools => ({
  async rebuild(directory, predicate) {
    const { compileDirectory } = await import('../../bundles/compile-directory.ts');
    return (await compileDirectory(directory, predicate.entries, io, 'signing')).module;
  },
});
