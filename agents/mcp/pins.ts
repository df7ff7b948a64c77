/**
 * What a server says of its tools, held against the catalog of which the digest is signed: a tool that is new, renamed or described in
 * other words is not the one that somebody reviewed.
 */
import { createHash } from 'node:crypto';
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import type { JsonValue } from '@plan-lint/runtime/json';
import { digestOrNull } from '../audit.ts';
import { AgentsError } from '../failure.ts';
import { isPseudoTool } from './pseudo-tools.ts';
import { isRecord, items, member } from './wire/message.ts';
import type { JsonRecord } from './wire/message.ts';

/** How deep schemas may nest. */
const DEEPEST = 128;

/** `execution` says how a tool may be run as a task, which the proxy refuses anyway, and only one era has it. */
const NOT_PINNED = ['name', 'execution'];

/** Of everything that a model or a client reads of a tool, but its name; `null` is like nothing, itself included. */
function definitionDigest(tool: JsonRecord): string | null {
  return digestOrNull(
    Object.fromEntries(Object.entries(tool).filter(([name]) => !NOT_PINNED.includes(name))),
  );
}

export const nameOf = (tool: JsonValue): string | null => {
  const name = member(tool, 'name');
  return typeof name === 'string' ? name : null;
};

/** The tools of a catalog file, in the forms of an answer to `tools/list`. @throws AgentsError */
export function readCatalog(bytes: Uint8Array): readonly JsonRecord[] {
  let value: JsonValue;
  try {
    value = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), DEEPEST);
  } catch (error) {
    if (!(error instanceof JsonError) && !(error instanceof TypeError)) throw error;
    throw new AgentsError(
      `the tool catalog cannot be read: ${error.message}`,
      'plan-lint catalog pull writes one',
    );
  }
  const pages = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  return pages.flatMap((page) => {
    const tools = member(page, 'tools') ?? member(member(page, 'result'), 'tools');
    if (!Array.isArray(tools))
      throw new AgentsError(
        'the tool catalog is not an answer to `tools/list`, so nothing in it can be pinned',
        'plan-lint catalog pull -- COMMAND writes what the server says of its tools',
      );
    return (tools as readonly JsonValue[]).filter(isRecord);
  });
}

/** @throws AgentsError where the file is not the one whose digest was signed */
export function checkCatalogDigest(bytes: Uint8Array, sha256: string): void {
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return;
  throw new AgentsError(
    'the tool catalog is not the one that the bundle was signed with',
    'give the file that stood in the policy directory when the bundle was made',
    'trust',
  );
}

/** Why a tool is not the one of the catalog. */
export type PinProblem = 'added' | 'changed' | 'twice' | 'unlisted';

const PROBLEMS: Readonly<Record<PinProblem, string>> = {
  added: 'it is not in the signed catalog',
  changed: 'its definition is not the one in the signed catalog',
  twice: 'the server lists it twice',
  unlisted: 'the server does not list it',
};

export const pinMessage = (problem: PinProblem): string => PROBLEMS[problem];

export class Pins {
  readonly #pinned: ReadonlyMap<string, string | null>;
  readonly #prefix: string;
  /** What the server said last, by its own names; `null` where that has to be asked anew. */
  #listed: ReadonlyMap<string, string | null> | null = null;
  #twice: ReadonlySet<string> = new Set();

  /** @param prefix - what stands before the server's names in the catalog */
  constructor(catalog: readonly JsonRecord[], prefix: string) {
    this.#pinned = new Map(
      catalog.flatMap((tool) => {
        const name = nameOf(tool);
        return name === null ? [] : [[name, definitionDigest(tool)] as const];
      }),
    );
    this.#prefix = prefix;
  }

  get isStale(): boolean {
    return this.#listed === null;
  }

  forget(): void {
    this.#listed = null;
  }

  /** Takes the whole list, all pages of it. */
  take(tools: readonly JsonValue[]): void {
    const listed = new Map<string, string | null>();
    const twice = new Set<string>();
    for (const tool of tools) {
      const name = nameOf(tool);
      if (name === null || !isRecord(tool)) continue;
      if (listed.has(name)) twice.add(name);
      listed.set(name, definitionDigest(tool));
    }
    this.#listed = listed;
    this.#twice = twice;
  }

  /** What is wrong with a definition that the server gives. */
  ofDefinition(name: string, tool: JsonRecord): PinProblem | null {
    const pinned = this.#pinned.get(this.#prefix + name);
    if (pinned === undefined) return 'added';
    return pinned !== null && definitionDigest(tool) === pinned ? null : 'changed';
  }

  /** A page that goes to the client says something newer than the list that was taken. */
  see(name: string, tool: JsonRecord): void {
    if (this.#listed === null) return;
    const listed = new Map(this.#listed);
    listed.set(name, definitionDigest(tool));
    this.#listed = listed;
  }

  /** What is wrong with calling a tool now. */
  ofCall(name: string): PinProblem | null {
    const pinned = this.#pinned.get(this.#prefix + name);
    if (pinned === undefined) return 'added';
    if (this.#twice.has(name)) return 'twice';
    const listed = this.#listed?.get(name);
    if (listed === undefined) return 'unlisted';
    return pinned !== null && listed === pinned ? null : 'changed';
  }

  /** Of a list: the tools of the catalog with our prefix that the server does not have. */
  missingFrom(tools: readonly JsonValue[]): readonly string[] {
    const there = new Set(tools.map(nameOf));
    return [...this.#pinned.keys()].filter(
      (name) =>
        !isPseudoTool(name) && name.startsWith(this.#prefix) && !there.has(name.slice(this.#prefix.length)),
    );
  }
}

export const toolsOf = (result: JsonRecord | undefined): readonly JsonValue[] =>
  items(member(result, 'tools'));
