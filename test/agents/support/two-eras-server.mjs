// A server that speaks both eras: `pay` says what it was asked, `confirm` asks the client itself.
import { McpServer, inputRequired } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { appendFileSync } from 'node:fs';

const log = process.argv[2];
serveStdio(() => {
  const server = new McpServer({ name: 'two-eras', version: '1.0.0' });
  server.registerTool('pay', { inputSchema: z.object({ amount: z.number() }) }, ({ amount }) => {
    if (log) appendFileSync(log, `pay ${amount}\n`);
    return { content: [{ type: 'text', text: `paid ${amount}` }] };
  });
  server.registerTool('confirm', { inputSchema: z.object({ what: z.string() }) }, ({ what }, ctx) => {
    const answers = ctx.mcpReq.inputResponses;
    if (!answers)
      return inputRequired({
        inputRequests: {
          sure: {
            method: 'elicitation/create',
            params: {
              message: 'Sure?',
              requestedSchema: {
                type: 'object',
                properties: { sure: { type: 'boolean' } },
                required: ['sure'],
              },
            },
          },
        },
        requestState: 'state of the server',
      });
    if (log) appendFileSync(log, `confirm ${what} ${ctx.mcpReq.requestState?.() ?? ''}\n`);
    return { content: [{ type: 'text', text: `confirmed ${what}` }] };
  });
  return server;
});
