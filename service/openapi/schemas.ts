/** Shapes of bodies, for the OpenAPI document. What decides never reads them: the policies and the strict reader do. */
import type { JsonSchema } from '../config/field.ts';

export const PLAN: JsonSchema = {
  type: 'object',
  description: 'A plan. One of another shape is denied, not refused.',
  properties: {
    id: { type: ['string', 'number'] },
    goal: { type: 'string' },
    context: { type: 'object' },
    steps: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          tool: { type: 'string' },
          args: { type: 'object' },
          depends_on: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  },
};

export const VIOLATION: JsonSchema = {
  type: 'object',
  required: ['rule', 'message', 'severity', 'step_id'],
  properties: {
    rule: { type: 'string' },
    policy: { type: 'string' },
    message: { type: 'string' },
    severity: { enum: ['info', 'low', 'medium', 'high', 'critical'] },
    enforcement: { enum: ['audit', 'warn', 'require_approval', 'deny'] },
    category: { type: 'string' },
    step_index: { type: ['integer', 'null'] },
    step_id: { type: ['string', 'null'] },
    arg_path: { type: 'string' },
    waiver: { type: ['string', 'null'] },
  },
};

export const WAITING: JsonSchema = {
  type: 'object',
  description: 'The approval that waits (`GET /approvals/{id}`), or why nobody is asked.',
  properties: {
    id: { type: 'string', format: 'uuid' },
    digest: { type: 'string' },
    expires: { type: 'string', format: 'date-time' },
    problem: { type: 'string' },
  },
};

const instantOrNull = { type: ['string', 'null'], format: 'date-time' } as const;

export const APPROVAL: JsonSchema = {
  type: 'object',
  required: ['id', 'state', 'kind', 'digest', 'requested_by', 'findings', 'created', 'expires'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    state: { enum: ['pending', 'approved', 'denied', 'expired'] },
    kind: { enum: ['plan', 'run', 'call'] },
    digest: { type: 'string', description: 'Of the plan (sha256 of its canonical JSON), or the ticket.' },
    plan_id: { type: 'string' },
    policy: { type: 'string' },
    bundle: { type: 'object' },
    requested_by: { type: 'string' },
    team: { type: ['string', 'null'] },
    environment: { type: 'string' },
    findings: { type: 'array', items: { type: 'object' } },
    session_id: { type: 'string' },
    created: { type: 'string', format: 'date-time' },
    expires: { type: 'string', format: 'date-time' },
    decided_by: { type: ['string', 'null'] },
    decided: instantOrNull,
    reason: { type: ['string', 'null'] },
    asked: { description: 'The plan or the call; of one approval alone, not in lists.' },
    receipt: { type: 'object' },
  },
};

export const APPROVAL_PAGE: JsonSchema = {
  type: 'object',
  required: ['approvals', 'next'],
  properties: {
    approvals: { type: 'array', items: APPROVAL },
    next: { type: ['string', 'null'], description: 'For `after` of the next page.' },
  },
};

export const ROLLOUT: JsonSchema = {
  type: 'object',
  required: ['name', 'running', 'ended'],
  properties: {
    name: { type: 'string' },
    running: { type: ['object', 'null'], description: 'With `report`, as `plan-lint simulate` writes it.' },
    ended: { type: ['object', 'null'], description: 'The last one, and `reason`.' },
  },
};

export const DECISION: JsonSchema = {
  type: 'object',
  required: ['is_valid', 'violations', 'decision_id', 'status', 'risk_score', 'policy', 'bundle'],
  properties: {
    is_valid: { type: 'boolean' },
    violations: { type: 'array', items: VIOLATION },
    decision_id: { type: 'string', format: 'uuid' },
    status: { enum: ['pass', 'warn', 'approval', 'deny'] },
    risk_score: { type: 'number', minimum: 0, maximum: 1 },
    policy: { type: ['string', 'null'] },
    bundle: {
      type: ['object', 'null'],
      properties: {
        name: { type: 'string' },
        version: { type: 'string' },
        sequence: { type: 'integer' },
        digest: { type: 'string' },
      },
    },
    pending: { type: 'array', items: VIOLATION },
    receipt: { type: 'object', description: 'A signed receipt, where a decision key is configured.' },
    approval: WAITING,
    audited: {
      const: false,
      description: 'Only where `audit.on_failure` is `allow` and the log could not be written.',
    },
  },
};

export const ERROR: JsonSchema = {
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string' }, code: { type: 'string' }, request_id: { type: 'string' } },
};

/** Which policy is asked, where one is always asked. */
export const POLICY_QUERY = {
  policy: { description: 'An entry, a bundle, or `bundle/entry`.', schema: { type: 'string' } },
} as const;

/** How a plan is asked about. */
export const QUERY = {
  policy: {
    description: 'An entry, a bundle, or `bundle/entry`; default: what decides by default.',
    schema: { type: 'string' },
  },
  values: {
    description: '`later`: what a reference stands for is asked when the plan runs.',
    schema: { enum: ['now', 'later'] },
  },
  form: {
    description: '`record`: the body is `{plan, context}`, and that context is vouched for.',
    schema: { enum: ['plan', 'record'] },
  },
  receipt: {
    description: '`true`: the answer has a signed receipt; of `POST /validate` alone.',
    schema: { enum: ['true', 'false'] },
  },
} as const;

const entity: JsonSchema = {
  type: 'object',
  required: ['type', 'id'],
  properties: { type: { type: 'string' }, id: { type: 'string' }, properties: { type: 'object' } },
};

export const AUTHZEN_REQUEST: JsonSchema = {
  type: 'object',
  properties: {
    subject: entity,
    action: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, properties: { type: 'object' } },
    },
    resource: entity,
    context: { type: 'object' },
    evaluations: { type: 'array', items: { type: 'object' } },
    options: { type: 'object' },
  },
};

export const AUTHZEN_ANSWER: JsonSchema = {
  type: 'object',
  required: ['decision'],
  properties: { decision: { type: 'boolean' }, context: { type: 'object' } },
};

export const AUTHZEN_ANSWERS: JsonSchema = {
  anyOf: [
    AUTHZEN_ANSWER,
    {
      type: 'object',
      required: ['evaluations'],
      properties: { evaluations: { type: 'array', items: AUTHZEN_ANSWER } },
    },
  ],
};

export const BUNDLE_BODY: JsonSchema = {
  type: 'string',
  format: 'binary',
  description: 'An archive (`plan-lint bundle --output acme.tar.gz`) or a single file (`--single-file`).',
};

export const POLICY_STATUS: JsonSchema = {
  type: 'object',
  required: ['name', 'active', 'last_error'],
  properties: {
    name: { type: 'string' },
    active: { type: ['object', 'null'] },
    last_request: { type: ['string', 'null'] },
    last_success: { type: ['string', 'null'] },
    failures: { type: 'integer' },
    last_error: { type: ['object', 'null'] },
  },
};

export const SESSION_DECISION: JsonSchema = {
  type: 'object',
  required: ['decision_id', 'is_valid', 'status', 'violations'],
  properties: {
    decision_id: { type: 'string', format: 'uuid' },
    session_id: { type: 'string' },
    id: { type: 'string' },
    admitted: { type: 'boolean' },
    ticket: { type: 'string' },
    approval: WAITING,
    is_valid: { type: 'boolean' },
    status: { enum: ['pass', 'warn', 'approval', 'deny'] },
    violations: { type: 'array', items: VIOLATION },
  },
};

/** What became of a result; the last three members are there where something of it was kept back. */
export const SESSION_RESULT: JsonSchema = {
  type: 'object',
  required: ['id', 'owed'],
  properties: {
    id: { type: 'string' },
    owed: { type: 'array', items: { type: 'object' } },
    result: { description: 'What may be handed on, in place of what was given; null where it is blocked.' },
    blocked: { type: 'boolean' },
    findings: { type: 'array', items: VIOLATION },
  },
};
