/** A thread of `simulate`. */
import { answerQuestions } from '../../workers/threads.ts';
import { openComparer } from './compare.ts';

answerQuestions(openComparer);
