/** Methods of MCP, and what becomes of each. */

/** What becomes of a client's request. */
export type Handling = 'pass' | 'decide' | 'list' | 'hello' | 'health';

/** What is not here is refused: tasks, and all that nobody has looked at. */
export const REQUESTS: Readonly<Record<string, Handling>> = {
  initialize: 'hello',
  'server/discover': 'hello',
  ping: 'pass',
  'logging/setLevel': 'pass',
  'tools/list': 'list',
  'tools/call': 'decide',
  'resources/list': 'pass',
  'resources/templates/list': 'pass',
  'resources/read': 'decide',
  'resources/subscribe': 'decide',
  'resources/unsubscribe': 'pass',
  'subscriptions/listen': 'pass',
  'prompts/list': 'pass',
  'prompts/get': 'decide',
  'completion/complete': 'decide',
  'plan-lint/health': 'health',
};

export const CLIENT_NOTIFICATIONS: readonly string[] = [
  'notifications/initialized',
  'notifications/progress',
  'notifications/roots/list_changed',
];

export const SERVER_REQUESTS: readonly string[] = [
  'ping',
  'roots/list',
  'sampling/createMessage',
  'elicitation/create',
];

export const SERVER_NOTIFICATIONS: readonly string[] = [
  'notifications/cancelled',
  'notifications/progress',
  'notifications/message',
  'notifications/tools/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/prompts/list_changed',
  'notifications/elicitation/complete',
  'notifications/subscriptions/acknowledged',
];
