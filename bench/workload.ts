/**
 * The workload of the benchmark: N rules over N/10 tools, nine of a tool's own and one for its namespace of ten
 * tools, so that 19 apply to a step; half are numeric, the rest compare and search strings. Deterministic.
 */
import { random } from './random.ts';
import type { Random } from './random.ts';

export type Check =
  | { readonly operation: 'gt'; readonly value: number }
  | { readonly operation: 'lt'; readonly value: number }
  | { readonly operation: 'equals'; readonly value: string }
  | { readonly operation: 'contains'; readonly value: string }
  | { readonly operation: 'starts_with'; readonly value: string }
  | { readonly operation: 'matches'; readonly value: string }
  | { readonly operation: 'in'; readonly value: readonly string[] };

export interface Rule {
  readonly id: string;
  /** A tool's name, or a namespace as `payments3.*`. */
  readonly tool: string;
  readonly arg: string;
  readonly check: Check;
}

export interface Step {
  readonly id: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, string | number>>;
}

export interface Plan {
  readonly goal: string;
  readonly steps: readonly Step[];
}

export interface Workload {
  readonly rules: readonly Rule[];
  readonly tools: readonly string[];
  readonly allow: readonly string[];
  /** Regular expressions that no text may match. */
  readonly deny: readonly string[];
  readonly maxSteps: number;
}

const AREAS = ['payments', 'database', 'mailbox', 'storage', 'tickets'] as const;
const VERBS = ['create', 'update', 'remove', 'export', 'search'] as const;
const NOUNS = ['invoice', 'record', 'message', 'document', 'account'] as const;
const NUMBERS = ['count', 'priority', 'limit_rows', 'timeout_ms', 'quantity'] as const;
const TEXTS = ['note', 'region', 'owner', 'subject', 'query', 'path', 'label'] as const;
const WORDS = 'north harbor ledger amber quarry meadow signal copper willow falcon river cedar'.split(' ');
const SECRETS = [
  'AKIA2E0A8F3B244C9986',
  '-----BEGIN RSA PRIVATE KEY-----',
  `ghp_${'a1B2'.repeat(9)}`,
] as const;

export const DENY = [
  'AKIA[0-9A-Z]{16}',
  '-----BEGIN [A-Z ]*PRIVATE KEY-----',
  'ghp_[A-Za-z0-9]{36}',
] as const;

/** The arguments that calls of a tool have: three numbers and four texts; `amount` and `target` everywhere. */
export function argumentsOf(tool: number): {
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
} {
  const some = (names: readonly string[], count: number): readonly string[] =>
    Array.from({ length: count }, (_, i) => names[(tool + i * 2) % names.length] ?? '');
  return { numbers: ['amount', ...some(NUMBERS, 2)], texts: ['target', ...some(TEXTS, 3)] };
}

/** A text of about 27 characters. */
const phrase = ({ pick, int }: Random): string =>
  `${pick(WORDS)}-${pick(WORDS)}-${pick(WORDS)}-${pick(WORDS)}${int(90) + 10}`;

export function makeWorkload(size: number): Workload {
  const source = random(size);
  const tools = Array.from({ length: Math.max(1, size / 10) }, (_, i) => toolName(i));
  const rules = tools.flatMap((tool, i): readonly Rule[] => {
    const { numbers, texts } = argumentsOf(i);
    const rule = (arg: string, check: Check, on = tool): Rule => ({ id: '', tool: on, arg, check });
    const area = `${tool.slice(0, tool.indexOf('.'))}.*`;
    const odd = i % 2;
    const own = Array.from({ length: 9 }, (_, at) => {
      const numeric = at < 4 + odd;
      const arg = numeric ? numbers[at % 3] : texts[at % 4];
      return rule(arg ?? '', numeric ? limit(at, source) : search(i + at, source));
    });
    return [...own, odd ? rule('target', search(i, source), area) : rule('amount', limit(i, source), area)];
  });
  return {
    rules: rules.map((rule, i) => ({ ...rule, id: `rule_${i}` })),
    tools,
    allow: AREAS.map((area) => `${area}*`),
    deny: DENY,
    maxSteps: 1000,
  };
}

const toolName = (i: number): string => {
  const area = Math.floor(i / 10);
  const noun = NOUNS[Math.floor(i / 5) % 5] ?? '';
  return `${AREAS[area % 5] ?? ''}${area}.${VERBS[i % 5] ?? ''}_${noun}`;
};

const limit = (at: number, { int }: Random): Check =>
  at % 2 === 0 ? { operation: 'gt', value: 9000 + int(1000) } : { operation: 'lt', value: int(10) };

function search(at: number, source: Random): Check {
  switch (at % 5) {
    case 0:
      return { operation: 'equals', value: phrase(source) };
    case 1:
      return { operation: 'matches', value: `^root-[a-z]{3,8}:${source.int(100)}` };
    case 2:
      return { operation: 'in', value: [phrase(source), phrase(source), phrase(source)] };
    case 3:
      return { operation: 'contains', value: `;drop ${source.pick(WORDS)}${source.int(100)}` };
    default:
      return { operation: 'matches', value: `[a-z]{2,8}@evil${source.int(100)}\\.example` };
  }
}

/** What `makePlan` varies beside the number of steps. */
export interface PlanOptions {
  /** Steps in a thousand that violate; default 50. */
  readonly violating?: number;
  /** The order of every step's arguments is random. */
  readonly shuffled?: boolean;
}

export function makePlan(workload: Workload, steps: number, seed: number, options: PlanOptions = {}): Plan {
  const source = random(seed * 7919 + steps);
  return {
    goal: 'close the books of the month',
    steps: Array.from({ length: steps }, (_, i) => makeStep(workload, i, source, options)),
  };
}

function makeStep(workload: Workload, i: number, source: Random, options: PlanOptions): Step {
  const at = source.int(workload.tools.length);
  const tool = workload.tools[at] ?? '';
  const { numbers, texts } = argumentsOf(at);
  const members = new Map<string, string | number>();
  for (const arg of numbers) members.set(arg, 10 + source.int(8990));
  for (const arg of texts) members.set(arg, phrase(source));
  if (source.int(1000) < (options.violating ?? 50)) {
    const rule = workload.rules[at * 10 + source.int(12)];
    if (rule && (rule.tool === tool || rule.tool.endsWith('*')) && members.has(rule.arg)) {
      members.set(rule.arg, violation(rule.check, source));
    } else members.set('target', `use ${source.pick(SECRETS)} now`);
  }
  const entries = [...members];
  if (options.shuffled) {
    for (let k = entries.length - 1; k > 0; k -= 1) {
      const other = source.int(k + 1);
      [entries[k], entries[other]] = [entries[other] as [string, string], entries[k] as [string, string]];
    }
  }
  return { id: `step_${i}`, tool, args: Object.fromEntries(entries) };
}

function violation(check: Check, source: Random): string | number {
  switch (check.operation) {
    case 'gt':
      return check.value + 1 + source.int(1000);
    case 'lt':
      return check.value - 1;
    case 'equals':
      return check.value;
    case 'in':
      return source.pick(check.value);
    case 'contains':
      return `ledger${check.value} now`;
    case 'starts_with':
      return `${check.value} harbor`;
    case 'matches':
      return check.value.startsWith('^')
        ? `root-abc:${/\d+$/.exec(check.value)?.[0] ?? ''}`
        : `mail bob@evil${/evil(\d+)/.exec(check.value)?.[1] ?? ''}.example please`;
  }
}
