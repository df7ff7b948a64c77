// A server whose tools answer as the scenario has it.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const steps = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const server = new McpServer({ name: 'scenario', version: '1.0.0' });
for (const tool of new Set(steps.map((step) => step.tool)))
  server.registerTool(tool, { inputSchema: z.looseObject({}) }, (args) => {
    const step = steps.find(
      (each) => each.tool === tool && JSON.stringify(each.args) === JSON.stringify(args),
    );
    return { content: [{ type: 'text', text: step?.result ?? 'sent' }] };
  });
await server.connect(new StdioServerTransport());
