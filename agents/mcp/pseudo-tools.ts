/** Requests of MCP that policies see as calls of tools: resources and prompts bring texts in, completions take arguments out. */
import type { JsonValue } from '@plan-lint/runtime/json';
import { member } from './wire/message.ts';
import type { JsonRecord } from './wire/message.ts';

interface PseudoTool {
  readonly method: string;
  /** The capability of a server that has it. */
  readonly capability: string;
  readonly name: string;
  readonly properties: JsonRecord;
  readonly required: readonly string[];
}

const TEXT = { type: 'string' } as const;
const OBJECT = { type: 'object' } as const;

const PSEUDO_TOOLS: readonly PseudoTool[] = [
  {
    method: 'resources/read',
    capability: 'resources',
    name: 'mcp.resource.read',
    properties: { uri: TEXT },
    required: ['uri'],
  },
  {
    method: 'resources/subscribe',
    capability: 'resources',
    name: 'mcp.resource.subscribe',
    properties: { uri: TEXT },
    required: ['uri'],
  },
  {
    method: 'prompts/get',
    capability: 'prompts',
    name: 'mcp.prompt.get',
    properties: { name: TEXT, arguments: OBJECT },
    required: ['name'],
  },
  {
    method: 'completion/complete',
    capability: 'completions',
    name: 'mcp.completion',
    properties: { ref: OBJECT, argument: OBJECT, context: OBJECT },
    required: ['ref', 'argument'],
  },
];

/** What policies call the request; `undefined` where it is a tool's own call. */
export const pseudoToolOf = (method: string): string | undefined =>
  PSEUDO_TOOLS.find((tool) => tool.method === method)?.name;

export const isPseudoTool = (name: string): boolean => PSEUDO_TOOLS.some((tool) => tool.name === name);

/** Those of a server, as a catalog has tools. */
export const pseudoTools = (capabilities: JsonValue | undefined): readonly JsonRecord[] =>
  PSEUDO_TOOLS.filter(({ capability }) => member(capabilities, capability) !== undefined).map(
    ({ method, name, properties, required }) => ({
      name,
      description: `The request ${method}`,
      inputSchema: { type: 'object', properties, required: [...required] },
    }),
  );
