/** A thread of `validate-batch`: loads the bundle for itself, then decides blocks. */
import { answerQuestions } from '../../workers/threads.ts';
import { openDecider } from './decide.ts';

answerQuestions(openDecider);
