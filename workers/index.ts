/** Work in threads: a pool, and what a thread does. */
export { answerQuestions, defaultJobs, inOrder, openThreads } from './threads.ts';
export type { Carrying, Threads } from './threads.ts';
