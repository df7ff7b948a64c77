/** A thread of `test-policies --mutate`. */
import { answerQuestions } from '../threads.ts';
import { openTrials } from './trial.ts';

answerQuestions(openTrials);
