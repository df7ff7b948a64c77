/** What the service is held against: Fastify that reads a plan and says how many steps it has. Prints its address. */
import { fastify } from 'fastify';

const app = fastify({ bodyLimit: 2 ** 20 });
app.post('/validate', (request, reply) => {
  const { steps } = request.body as { readonly steps: readonly unknown[] };
  return reply.send({ is_valid: true, violations: [], steps: steps.length });
});
process.stderr.write(`echo listens on ${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
