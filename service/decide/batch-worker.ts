/** A thread that decides blocks of plans with one bundle, which it verifies by itself. */
import { loadBundle } from '@plan-lint/runtime/node';
import { answerQuestions } from 'plan-lint/workers';
import type { Candidate } from '../policy/candidate.ts';
import { decideBlock } from './block.ts';
import type { BlockItem, BlockQuestion } from './block.ts';

answerQuestions<Candidate, BlockQuestion, readonly BlockItem[]>(async ({ module, sidecars, trust, load }) => {
  const bundle = await loadBundle(module, sidecars, trust, load);
  return (question) => decideBlock(bundle, question);
});
