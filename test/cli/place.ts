/** A directory of its own and captured output, for running commands as functions. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../../cli/terminal/io.ts';

export interface Place {
  readonly io: Io;
  readonly directory: string;
  /** What was printed since the last call. */
  out(): string;
  err(): string;
  path(name: string): string;
  read(name: string): string;
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
  remove(): void;
}

export function place(overrides: Partial<Io> = {}): Place {
  const directory = mkdtempSync(join(tmpdir(), 'plan-lint-'));
  const printed = { out: '', err: '' };
  const take = (stream: 'out' | 'err'): string => {
    const text = printed[stream];
    printed[stream] = '';
    return text;
  };
  return {
    directory,
    io: {
      stdout: (text) => (printed.out += text),
      stderr: (text) => (printed.err += text),
      stdin: () => Promise.resolve(new Uint8Array()),
      now: () => Date.parse('2026-06-01T00:00:00Z'),
      env: {},
      cwd: directory,
      ...overrides,
    },
    out: () => take('out'),
    err: () => take('err'),
    path: (name) => join(directory, name),
    read: (name) => readFileSync(join(directory, name), 'utf8'),
    write(files) {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, name)), { recursive: true });
        writeFileSync(join(directory, name), content);
      }
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** The two policies that the source document prints in its inheritance section. */
export const DOCUMENT_POLICIES = {
  'policies/base.yaml': `# Base policy with common rules
# base.yaml
policies:
  - name: base
    rules:
      - rule: prevent_sql_injection
        severity: critical
        description: "Prevents SQL injection attacks"
        pattern:
          tool: db.query
          operation: matches
          value: "'; DROP TABLE|1=1|--"
`,
  'policies/team-finance.yaml': `# Team policy extending base
# team-finance.yaml
extends:
  - base.yaml
policies:
  - name: finance
    rules:
      - rule: check_transaction_limits
        severity: high
        description: "Ensures transactions are within limits"
        pattern:
          tool: payments.transfer
          operation: amount_gt
          value: 10000
`,
} as const;
