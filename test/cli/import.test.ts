/** Plans of other formats, by the built program in a plain directory; the plan breaks a rule. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { place } from './place.ts';
import type { Place } from './place.ts';

const main = join(import.meta.dirname, '../../dist/cli/main.js');
let at: Place;

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function planLint(...args: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: at.directory,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

beforeAll(() => {
  at = place();
  at.write({
    'policies/p.yaml': 'allow_tools: [payments.transfer]\nbounds: { payments.transfer.amount: [0, 1000] }\n',
    'chat.json': JSON.stringify({
      messages: [
        {
          role: 'assistant',
          tool_calls: [
            {
              id: 'a',
              type: 'function',
              function: { name: 'payments.transfer', arguments: '{"amount":25000}' },
            },
          ],
        },
        { role: 'tool', tool_call_id: 'a', content: 'ok' },
      ],
    }),
    'prose.json': '{"plan":["look it up","pay"]}',
  });
});
afterAll(() => at.remove());

it('a call in another format is held to the policy', () => {
  const auto = planLint('validate', 'chat.json', '--policy-dir', 'policies', '--plan-format', 'auto');
  expect(auto.code).toBe(1);
  expect(auto.out).toContain('payments.transfer');
  expect(auto.err).toBe(
    'note: chat.json: read as `openai-chat`\nnote: chat.json: not in the plan: 1 result\n',
  );
  const named = planLint('validate', 'chat.json', '--policy-dir', 'policies', '--plan-format', 'openai-chat');
  expect([named.code, named.err]).toEqual([1, 'note: chat.json: not in the plan: 1 result\n']);
  // A plan of ours stays one.
  at.write({ 'plan.json': '{"steps":[{"id":"a","tool":"payments.transfer","args":{"amount":1}}]}' });
  expect(planLint('validate', 'plan.json', '--policy-dir', 'policies', '--plan-format', 'auto').code).toBe(0);
});

it('without its format it is denied, and the format is named', () => {
  const plain = planLint('validate', 'chat.json', '--policy-dir', 'policies');
  expect(plain.code).toBe(1);
  expect(plain.err).toContain(
    'note: chat.json: it looks like `openai-chat`: `--plan-format openai-chat` reads it',
  );
});

it('import writes the plan, replaces nothing, and refuses prose with what to do', () => {
  const written = planLint('import', 'chat.json', '--output', 'out.json');
  expect(written.code).toBe(0);
  expect(JSON.parse(readFileSync(join(at.directory, 'out.json'), 'utf8'))).toEqual({
    steps: [{ id: 'a', tool: 'payments.transfer', args: { amount: 25000 } }],
  });
  expect(planLint('validate', 'out.json', '--policy-dir', 'policies').code).toBe(1);
  expect(planLint('import', 'chat.json', '--output', 'out.json').code).toBe(2);
  const prose = planLint('import', 'prose.json', '--output', 'prose.out');
  expect(prose.code).toBe(2);
  expect(prose.err).toContain('its steps are prose, which names no tool and no argument');
  expect(prose.err).toContain('hint: ');
  expect(existsSync(join(at.directory, 'prose.out'))).toBe(false);
  expect(planLint('import', 'chat.json', '--from', 'mcp').err).toContain('it looks like `openai-chat`');
});
