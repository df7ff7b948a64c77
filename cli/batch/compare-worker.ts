/** A thread of `simulate`. */
import { answerQuestions } from '../threads.ts';
import { openComparer } from './compare.ts';

answerQuestions(openComparer);
