/** Every route. The server and the OpenAPI document are made of this table. */
import { RUNTIME_VERSION } from '@plan-lint/runtime';
import { openApiDocument } from '../../openapi/document.ts';
import type { OpenRoute, Route } from '../route.ts';
import { APPROVAL_ROUTES } from './approvals.ts';
import { discovery, evaluation, evaluations } from './authzen.ts';
import { batch } from './batch.ts';
import { DASHBOARD_ROUTES } from './dashboard.ts';
import { deep, health, metrics, ready } from './health.ts';
import { activatePolicy, deletePolicy, listPolicies, putPolicy, showPolicy } from './policies.ts';
import { eraseSubject, results } from './results.ts';
import { ROLLOUT_ROUTES } from './rollout.ts';
import { SESSION_ROUTES } from './sessions.ts';
import { validate } from './validate.ts';

const openApi: OpenRoute = {
  method: 'GET',
  url: '/openapi.json',
  operationId: 'openApi',
  summary: 'This document',
  tag: 'operations',
  body: 'none',
  isShed: false,
  isAdmin: false,
  permission: null,
  responses: { 200: { description: 'OpenAPI 3.1', schema: { type: 'object' } } },
  errors: [],
  handle: () => ({ status: 200, body: document() }),
};

/** Made when it is first asked for: it never changes, and anybody may ask. */
const document = once(() => JSON.stringify(openApiDocument(ROUTES, RUNTIME_VERSION)));

function once(make: () => string): () => string {
  let made: string | null = null;
  return () => (made ??= make());
}

export const ROUTES: readonly Route[] = [
  validate,
  batch,
  ...SESSION_ROUTES,
  ...APPROVAL_ROUTES,
  evaluation,
  evaluations,
  discovery,
  listPolicies,
  showPolicy,
  putPolicy,
  activatePolicy,
  deletePolicy,
  ...ROLLOUT_ROUTES,
  results,
  eraseSubject,
  ...DASHBOARD_ROUTES,
  health,
  ready,
  deep,
  metrics,
  openApi,
];
