/** What the configuration demands of a bundle beside its signature. */
import type { Config } from '../config/sections.ts';
import type { Candidate } from './candidate.ts';

export const demandsOf = ({ policies }: Config): Candidate['load'] => ({
  ...(policies.name !== null && { name: policies.name }),
  ...(policies.audience !== null && { audience: policies.audience }),
  ...(policies.min_sequence !== null && { minSequence: policies.min_sequence }),
  ...(policies.issued_within !== null && { maxAge: policies.issued_within }),
});
