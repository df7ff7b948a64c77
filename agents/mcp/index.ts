/** MCP: a proxy that decides each call before a server sees it, and the catalog that it holds servers to. */
export { AgentsError } from '../failure.ts';
export { pullCatalog } from './pull.ts';
export type { PullOptions, Pulled } from './pull.ts';
export { runProxy } from './run.ts';
export type { ProxyIo, ProxyOptions } from './run.ts';
export type { Target } from './upstream/start.ts';
