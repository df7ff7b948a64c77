/** Building a bundle's module again, for verbs that compare: the compiler is large, and loaded when asked. */
import type { BuildTools } from '../trust/compare-sources.ts';
import type { Io } from '../terminal/io.ts';

export const rebuilding = (io: Io): BuildTools => ({
  async rebuild(directory, { entries, capabilities }) {
    const [{ compilePolicies }, { policyPlace }] = await Promise.all([
      import('../../bundles/compile-directory.ts'),
      import('../../bundles/policy-path.ts'),
    ]);
    const place = await policyPlace(directory, io);
    return (await compilePolicies(place, { entries, capabilities }, io, 'signing')).module;
  },
});
