// Writes down every line that it is sent. Answers each request, by what a call is of: `slow` never, `broken` with what cannot be read,
// `die` by ending, `ask` with a question (2026-07-28), all else with the arguments.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const log = process.argv[2];
const say = (line) => process.stdout.write(`${line}\n`);
const result = (id, value) => say(JSON.stringify({ jsonrpc: '2.0', id, result: value }));
createInterface({ input: process.stdin }).on('line', (line) => {
  appendFileSync(log, `${line}\n`);
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  if (method === 'initialize')
    return result(id, {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {}, tasks: {} },
      serverInfo: { name: 'recording', version: '1' },
    });
  const name = params?.name;
  if (name === 'die') process.exit(3);
  if (name === 'slow') return;
  if (name === 'broken')
    return say(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"n":12345678901234567890}}`);
  if (name === 'ask' && !params.inputResponses)
    return result(id, { resultType: 'input_required', inputRequests: {}, requestState: 'own' });
  result(id, {
    resultType: 'complete',
    content: [{ type: 'text', text: JSON.stringify(params?.arguments ?? {}) }],
  });
});
