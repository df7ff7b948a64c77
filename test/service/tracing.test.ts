/** Spans, as an SDK sees them: a request below its caller’s span, with its steps, and nothing of a plan, a user or a token. */
import { context, propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DENIED, PASSED, running } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
let here: Running;
beforeAll(async () => {
  trace.setGlobalTracerProvider(provider);
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  here = await running();
  exporter.reset();
});
afterAll(async () => {
  await here.close();
  await provider.shutdown();
  trace.disable();
  propagation.disable();
  context.disable();
});

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const finished = async (count: number) => {
  await expect.poll(() => exporter.getFinishedSpans().length).toBe(count);
  const spans = exporter.getFinishedSpans();
  exporter.reset();
  return spans;
};

it('a request is a span below its caller’s, and its steps are below it', async () => {
  const reply = await here.ask('/validate', {
    body: DENIED,
    headers: { traceparent: `00-${TRACE}-${CALLER}-01` },
  });
  const answer = (await reply.json()) as Tree;
  const spans = await finished(4);
  expect(spans.map(({ name }) => name)).toEqual([
    'plan_lint.authenticate',
    'plan_lint.decide',
    'plan_lint.audit',
    'POST /validate',
  ]);
  const whole = spans[3];
  expect(whole?.parentSpanContext?.spanId).toBe(CALLER);
  for (const span of spans) expect(span.spanContext().traceId).toBe(TRACE);
  for (const span of spans.slice(0, 3))
    expect(span.parentSpanContext?.spanId).toBe(whole?.spanContext().spanId);
  expect(whole?.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/validate',
    'http.response.status_code': 200,
    'plan_lint.decision_id': answer['decision_id'],
    'plan_lint.status': 'deny',
  });
  const told = JSON.stringify(spans.map(({ name, attributes, events }) => ({ name, attributes, events })));
  for (const secret of ['DROP TABLE', 'ada', 'validator', 'p-1']) expect(told).not.toContain(secret);
});

it('a refusal is a span, too', async () => {
  await here.ask('/validate', { as: 'stranger', body: PASSED });
  const spans = await finished(2);
  expect(spans[1]?.attributes).toMatchObject({ 'http.response.status_code': 401 });
});
