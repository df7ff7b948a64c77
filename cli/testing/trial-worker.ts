/** A thread of `test-policies --mutate`. */
import { answerQuestions } from '../../workers/threads.ts';
import { openTrials } from './trial.ts';

answerQuestions(openTrials);
