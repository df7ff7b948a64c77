/** Reads test files: YAML with the compiler's own reader, so that a mistake has its line. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseYaml } from '../../compiler/index.ts';
import { Diagnostics, nearest, place } from '../../compiler/inspect.ts';
import { directoryHost } from '../../bundles/directory-host.ts';
import { shownFrom } from '../../bundles/policy-path.ts';
import type { MappingNode, YamlNode } from '../../compiler/inspect.ts';
import { UsageError } from '../../bundles/failure.ts';
import { showDiagnostics } from '../../bundles/compile-directory.ts';
import type { Io } from '../terminal/io.ts';
import { reasonOf } from '../terminal/reasons.ts';
import { readRecord } from '../../plans/plan-record.ts';
import type { Circumstances } from '../../plans/plan-record.ts';
import { placed, readPlan } from '../../plans/read.ts';
import type { Expectation, ExpectedViolation, TestCase } from './case.ts';
import { KEYS, STATUSES } from './shape.ts';

/** Why a file that looks like a test is not read. */
const UNREAD = {
  link: 'it is a symbolic link that leads out of the directory of the tests, or nowhere',
  name: 'tests end in `.yaml` or `.yml`, in lower case',
  bytes: 'it is not UTF-8 text',
} as const;

/** A mistake in a test file. */
class Mistake extends Error {
  constructor(node: YamlNode, message: string) {
    super(`${place(node.span)}: ${message}`);
  }
}

/** @throws UsageError for test files that cannot be read; all mistakes have been written to stderr */
export async function readTests(directory: string, io: Io): Promise<readonly TestCase[]> {
  const diagnostics = new Diagnostics();
  const cases: TestCase[] = [];
  let mistakes = 0;
  for (const { path, text, unread } of await directoryHost(directory).readPolicyFiles()) {
    if (text === null) {
      mistakes += 1;
      io.stderr(`${path}: ${UNREAD[unread ?? 'bytes']}\n`);
      continue;
    }
    const root = parseYaml({ path, text }, diagnostics);
    for (const test of root ? testsOf(root) : []) {
      try {
        for (const row of await casesOf(test, join(directory, dirname(path)))) cases.push(row);
      } catch (error) {
        if (!(error instanceof Mistake)) throw error;
        mistakes += 1;
        io.stderr(`${error.message}\n`);
      }
    }
  }
  showDiagnostics(diagnostics.sorted(), shownFrom(io.cwd, directory), io);
  if (mistakes > 0 || diagnostics.hasErrors()) {
    throw new UsageError(
      'the tests cannot be read',
      'a test is {name, entry, plan, context, now, values, expect}',
    );
  }
  if (cases.length === 0)
    throw new UsageError('there are no tests', 'tests are in files *.yaml of --test-dir');
  return cases;
}

/** A file is a test, a list of tests, or a mapping with `tests`. Other YAML (plans, say) is let be. */
function testsOf(root: YamlNode): readonly YamlNode[] {
  if (root.kind === 'sequence') return root.items;
  const tests = get(root, 'tests');
  if (tests) return tests.kind === 'sequence' ? tests.items : [tests];
  return (get(root, 'expect') ?? get(root, 'cases')) ? [root] : [];
}

async function casesOf(node: YamlNode, directory: string): Promise<readonly TestCase[]> {
  const test = mapping(node, KEYS.test, 'a test');
  const rows = get(test, 'cases');
  if (!rows) return [await caseOf([test], directory)];
  if (rows.kind !== 'sequence') throw new Mistake(rows, '`cases` must be a list of rows');
  return Promise.all(rows.items.map((row) => caseOf([mapping(row, KEYS.row, 'a row'), test], directory)));
}

/** What a row does not say, its test says. */
async function caseOf(layers: readonly MappingNode[], directory: string): Promise<TestCase> {
  const own = layers[0] as MappingNode;
  const find = (key: (typeof KEYS.row)[number]): YamlNode | undefined =>
    layers.map((layer) => get(layer, key)).find((found) => found !== undefined);
  const names = [...layers].reverse().flatMap((layer) => optional(get(layer, 'name'), 'string') ?? []);
  const expected = find('expect');
  if (!expected) throw new Mistake(own, 'a test needs `expect`');
  const now = find('now');
  const asked = await planOf(layers, directory);
  return {
    name: names.length > 0 ? names.join(' / ') : place(own.span),
    place: place(own.span),
    entry: optional(find('entry'), 'string'),
    plan: asked.plan,
    context: plain(find('context')) ?? asked.context,
    now: now ? instant(now) : asked.now,
    values: valuesOf(find('values')),
    expect: expectation(expected),
  };
}

function valuesOf(node: YamlNode | undefined): TestCase['values'] {
  const said = optional(node, 'string') ?? 'now';
  if (said === 'now' || said === 'later') return said;
  throw new Mistake(node as YamlNode, '`values` is `now` or `later`');
}

/** What a test asks about; a record brings its own circumstances. */
interface Asked extends Circumstances {
  readonly plan: unknown;
}

async function planOf(layers: readonly MappingNode[], directory: string): Promise<Asked> {
  for (const layer of layers) {
    const plan = get(layer, 'plan');
    const file = get(layer, 'plan_file');
    const step = get(layer, 'step');
    const record = get(layer, 'record_file');
    const [, second] = [plan, file, record, step].filter((each) => each !== undefined);
    if (second) throw new Mistake(second, 'a test has one of `plan`, `plan_file`, `record_file` and `step`');
    if (plan) return { plan: plain(plan) };
    if (record) return recordOf(record, directory);
    if (step) {
      // A plan of one step, for the many tests that need no more; what is written goes before.
      const own = plain(mapping(step, KEYS.step, '`step`')) as object;
      return { plan: { steps: [{ id: 's1', args: {}, ...own }] } };
    }
    if (file) {
      const text = await textIn(optional(file, 'string') ?? '', file, directory);
      const reading = readPlan(text);
      if (reading.ok) return { plan: reading.plan };
      throw new Mistake(file, `the plan cannot be read: ${placed(reading.problem, text)}`);
    }
  }
  throw new Mistake(layers[0] as MappingNode, 'a test needs `plan`, `plan_file`, `record_file` or `step`');
}

async function textIn(path: string, node: YamlNode, directory: string): Promise<string> {
  return readFile(resolve(directory, path), 'utf8').catch((error: unknown) => {
    throw new Mistake(node, `\`${path}\` cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}`);
  });
}

/** A record `{plan, context, now}`: a file, or a line of one, `log.jsonl:3`. */
async function recordOf(node: YamlNode, directory: string): Promise<Asked> {
  const [, path = '', line] = /^(.*?)(?::(\d+))?$/.exec(optional(node, 'string') ?? '') ?? [];
  const all = await textIn(path, node, directory);
  const text = line === undefined ? all : all.split('\n')[Number(line) - 1];
  if (text === undefined) throw new Mistake(node, `\`${path}\` has no line ${line ?? ''}`);
  const reading = readRecord(text);
  if (!reading.ok) throw new Mistake(node, `the record cannot be read: ${placed(reading.problem, text)}`);
  return { plan: reading.plan, ...reading.circumstances };
}

function expectation(node: YamlNode): Expectation {
  const expect = mapping(node, KEYS.expect, '`expect`');
  const status = get(expect, 'status');
  const violations = get(expect, 'violations');
  const known = STATUSES.find((each) => each === plain(status));
  if (status && !known) throw new Mistake(status, `\`status\` is one of ${STATUSES.join(', ')}`);
  return {
    ...(known && { status: known }),
    ...(violations && { violations: items(violations, '`violations`').map(violation) }),
    not: items(get(expect, 'not'), '`not`').map((each) => optional(each, 'string') ?? ''),
    exact: optional(get(expect, 'exact'), 'boolean') ?? false,
  };
}

function violation(node: YamlNode): ExpectedViolation {
  if (node.kind === 'scalar') return { rule: optional(node, 'string') ?? '' };
  const found = mapping(node, KEYS.violation, 'a violation');
  const rule = optional(get(found, 'rule'), 'string');
  if (rule === undefined) throw new Mistake(node, 'a violation needs `rule`');
  const step = get(found, 'step');
  const index = get(found, 'step_index');
  if (step && typeof plain(step) !== 'string')
    throw new Mistake(step, '`step` is the id of a step; `step_index` is its place, counted from 0');
  if (index && !Number.isSafeInteger(plain(index)))
    throw new Mistake(index, '`step_index` is the place of a step, counted from 0');
  return {
    rule,
    ...(step && { step: plain(step) as string }),
    ...(index && { stepIndex: plain(index) as number }),
  };
}

function instant(node: YamlNode): number {
  const written = plain(node);
  const at = typeof written === 'number' ? written : Date.parse(String(written));
  if (Number.isNaN(at)) throw new Mistake(node, '`now` is an instant such as 2026-06-01T00:00:00Z');
  return at;
}

function mapping(node: YamlNode, keys: readonly string[], what: string): MappingNode {
  if (node.kind !== 'mapping') throw new Mistake(node, `${what} must be a mapping`);
  for (const { key, value } of node.entries) {
    if (keys.includes(key)) continue;
    const near = nearest(key, keys);
    const hint = near === null ? `keys: ${keys.join(', ')}` : `did you mean \`${near}\`?`;
    throw new Mistake(value, `\`${key}\` is not a key of ${what}; ${hint}`);
  }
  return node;
}

const get = (node: YamlNode, key: string): YamlNode | undefined =>
  node.kind === 'mapping' ? node.entries.find((entry) => entry.key === key)?.value : undefined;

function items(node: YamlNode | undefined, what: string): readonly YamlNode[] {
  if (!node) return [];
  if (node.kind !== 'sequence') throw new Mistake(node, `${what} must be a list`);
  return node.items;
}

interface ByName {
  string: string;
  boolean: boolean;
}

function optional<T extends keyof ByName>(node: YamlNode | undefined, type: T): ByName[T] | undefined {
  if (!node) return undefined;
  if (node.kind !== 'scalar' || typeof node.value !== type) throw new Mistake(node, `this must be a ${type}`);
  return node.value as ByName[T];
}

function plain(node: YamlNode | undefined): unknown {
  if (!node) return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'sequence') return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
}
