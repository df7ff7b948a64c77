/** `/health`, `/health/ready`, `/health/deep`, `/metrics`: for orchestrators and those who watch. */
import { json } from '../route.ts';
import type { OpenRoute } from '../route.ts';

const shared = {
  method: 'GET',
  body: 'none',
  isShed: false,
  isAdmin: true,
  permission: null,
  tag: 'operations',
  errors: [],
} as const;

const object = { type: 'object' } as const;

export const health: OpenRoute = {
  ...shared,
  url: '/health',
  operationId: 'health',
  summary: 'The process lives',
  responses: { 200: { description: 'It lives', schema: object } },
  handle: () => ({ status: 200, body: '{"status":"healthy"}' }),
};

export const ready: OpenRoute = {
  ...shared,
  url: '/health/ready',
  operationId: 'ready',
  summary: 'Requests may be sent here',
  responses: {
    200: { description: 'It is ready', schema: object },
    503: { description: 'It is not; `error` says why', schema: object },
  },
  handle: async ({ deps }) => {
    const { ok, body } = await deps.health.ready();
    return json(body, ok ? 200 : 503);
  },
};

export const deep: OpenRoute = {
  ...shared,
  url: '/health/deep',
  operationId: 'deepHealth',
  summary: 'A plan is really decided',
  responses: {
    200: { description: 'Decisions work', schema: object },
    503: { description: 'They do not; `error` says why', schema: object },
  },
  handle: ({ deps }) => {
    const { ok, body } = deps.health.deep();
    return json(body, ok ? 200 : 503);
  },
};

export const metrics: OpenRoute = {
  ...shared,
  url: '/metrics',
  operationId: 'metrics',
  summary: 'What is counted, for Prometheus',
  responses: { 200: { description: 'Text format 0.0.4', type: 'text/plain', schema: { type: 'string' } } },
  handle: async ({ deps }) => ({
    status: 200,
    body: await deps.metrics.text(),
    type: deps.metrics.registry.contentType,
  }),
};
