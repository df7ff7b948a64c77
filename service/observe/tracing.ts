/**
 * Spans of OpenTelemetry, by its API alone: whoever brings an SDK (`node --import ./telemetry.mjs`) has them, and without one nothing is
 * done. A span says of a request what its line in the audit log says in short; it never holds a plan, a user or a token.
 */
import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Of the requests that are traced. */
const CONTEXTS = new WeakMap<FastifyRequest, Context>();

/** The tracer of an SDK; `null` where there is none, so that nobody pays for spans that go nowhere: their ids are all zeros. */
function tracerOfSdk(): Tracer | null {
  const tracer = trace.getTracer('plan-lint');
  const first = tracer.startSpan('plan_lint.start');
  first.end();
  return isSpanContextValid(first.spanContext()) ? tracer : null;
}

/** Traces the requests of a server: a span each, below the caller’s where it names one (W3C Trace Context). */
export function traceRequests(app: FastifyInstance): void {
  const tracer = tracerOfSdk();
  if (!tracer) return;
  app.addHook('onRequest', (request, _, done) => {
    const { url = 'unknown' } = request.routeOptions;
    const parent = propagation.extract(ROOT_CONTEXT, request.headers);
    const span = tracer.startSpan(
      `${request.method} ${url}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          'http.request.method': request.method,
          'http.route': url,
          'plan_lint.request_id': request.id,
        },
      },
      parent,
    );
    CONTEXTS.set(request, trace.setSpan(parent, span));
    done();
  });
  app.addHook('onResponse', (request, { statusCode }, done) => {
    const span = spanOf(request);
    span?.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    spanOf(request)?.setStatus({ code: SpanStatusCode.ERROR, message: 'the caller hung up' });
    spanOf(request)?.end();
    done();
  });
}

function spanOf(request: FastifyRequest): Span | undefined {
  const parent = CONTEXTS.get(request);
  return parent && trace.getSpan(parent);
}

/** Adds to the span of a request what became of it. */
export function annotate(request: FastifyRequest, attributes: () => Attributes): void {
  spanOf(request)?.setAttributes(attributes());
}

/** A step of a request, in a span of its own where the request is traced. */
export function inSpan<T>(
  request: FastifyRequest | undefined,
  name: string,
  step: () => Promise<T>,
): Promise<T> {
  const parent = request && CONTEXTS.get(request);
  return parent ? traced(parent, name, step) : step();
}

async function traced<T>(parent: Context, name: string, step: () => Promise<T>): Promise<T> {
  const span = trace.getTracer('plan-lint').startSpan(name, {}, parent);
  try {
    return await context.with(trace.setSpan(parent, span), step);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
