/**
 * What the compiler and the runtime agree on. The verifier owns the format: the compiler imports these
 * types and constants from here, never the other way round.
 *
 * Nothing in it decides anything: names, shapes and numbers only. Here stands what a module is, beside it what is signed and what
 * a decision is.
 */
import type { BytesModule } from './bytes-module.ts';
import type { SessionModule } from './online.ts';
import type { Verdict } from './outcome.ts';
import type { Capability } from './signed.ts';

export * from './bytes-module.ts';
export * from './online.ts';
export * from './outcome.ts';
export * from './signed.ts';

/**
 * A module is its factory, a function expression, between these two texts, so that the factory's own text tells the module
 * of an import that has happened already; see `adoptBundle`. The head names the format, `FORMAT_VERSION`.
 */
export const MODULE_HEAD = '// plan-lint policies, format 2\nexport default(';
/** Those of every format that a loader knows, the first first. */
export const MODULE_HEADS: readonly string[] = [
  '// plan-lint policies, format 1\nexport default(',
  MODULE_HEAD,
];
export const MODULE_TAIL = ');\n';

/**
 * Words that never stand as whole words in an emitted module, outside or inside literals: the loader refuses a
 * module in which it finds one. Literals write one of their characters as an escape.
 */
const WORDS =
  'import|eval|Function|constructor|prototype|__proto__|globalThis|window|self|global|process|' +
  'require|module|Reflect|Proxy|WebAssembly|fetch|XMLHttpRequest|WebSocket|Worker|setTimeout|' +
  'setInterval|setImmediate|queueMicrotask|postMessage|document|navigator|Deno|Bun|arguments|caller|' +
  'callee|async|await|yield|debugger|__defineGetter__|__defineSetter__|__lookupGetter__|' +
  '__lookupSetter__|sourceMappingURL';
export const FORBIDDEN_WORDS: readonly string[] = /* @__PURE__ */ WORDS.split('|');

// `\b` alone would call the `$` of an identifier a boundary.
const forbiddenWords = new RegExp(`(?<![\\w$])(?:${WORDS})(?![\\w$])`);
// Escapes that could spell one of those words in an identifier (ECMA-262 §12.7.1): any that denotes ASCII. Emitted
// code writes `\x..` for ASCII, which no identifier can contain.
const escapedAscii = /\\u(?:00[0-7]|\{0*[0-7]?[0-9a-fA-F]\})/;
const foreign = /[^\t\n -~]/;

/** What the loader refuses in a module's text, and where. */
export interface RefusedText {
  readonly text: string;
  /** UTF-16 offset. */
  readonly offset: number;
}

/**
 * The first thing in a module's text that the compiler never emits and the loader refuses: anything but printable
 * ASCII, and names through which code reaches the host. `null` where there is none.
 *
 * @example
 * refusedText('export default () => eval') // { text: 'eval', offset: 21 }
 */
export function refusedText(module: string): RefusedText | null {
  const match = forbiddenWords.exec(module) ?? escapedAscii.exec(module) ?? foreign.exec(module);
  return match && { text: match[0], offset: match.index };
}

/** How the weights of the rules that fired become one risk score. */
export type Aggregate = 'sum' | 'max';

/**
 * One rule as the module carries it: everything a report needs, nothing that decides. `policy`, `category` and
 * `file` index the module's tables, `severity` and `enforcement` the lists above; line and column are 1-based.
 */
export type RuleRow = readonly [
  id: string,
  policy: number,
  category: number,
  severity: number,
  enforcement: number,
  /** Contribution to the risk score, 0 to 1. */
  weight: number,
  /** What the policy's author says about the rule; may be empty. */
  description: string,
  file: number,
  line: number,
  column: number,
];

/** An exception as the module carries it: one rule, for some steps and callers, for a time. */
export interface Waiver {
  /** Index of the rule it suspends. */
  readonly rule: number;
  /** What a violation says of it: ticket, who approved it, until when, why. */
  readonly label: string;
  /** Milliseconds since the epoch; it holds from `notBefore` until just before `expires`. */
  readonly notBefore: number;
  readonly expires: number;
  /** Whether it covers a step of this tool (`null`: the plan as a whole) for who is asking. */
  readonly applies: (tool: string | null, context: unknown) => boolean;
}

/** How large a plan may be. Numbers above are refused before any rule sees the plan. */
export interface PlanLimits {
  /** Most steps; default 10,000. */
  readonly maxSteps: number;
  /** Deepest nesting of objects and arrays, the plan itself being 1; default 64. */
  readonly maxDepth: number;
  /** Most values in the plan as a whole, members and elements counted; default 75,000. */
  readonly maxNodes: number;
  /** Most dependencies, `depends_on` and references together, each counted once a step; default 75,000. */
  readonly maxDependencies: number;
  /** Longest string or key, in UTF-16 units; default 1,048,576. */
  readonly maxStringLength: number;
}

/** What a module may use from outside: intrinsics, captured by the runtime before any module is loaded. */
export interface Kit {
  readonly isArray: (value: unknown) => value is readonly unknown[];
  readonly hasOwn: (object: object, key: string) => boolean;
  /** Whether a value is an object as JSON has it. */
  readonly isPlain: (value: unknown) => value is Readonly<Record<string, unknown>>;
  readonly Map: MapConstructor;
  readonly RegExp: RegExpConstructor;
  readonly Int32Array: Int32ArrayConstructor;
  readonly fromCodePoint: (code: number) => string;
}

/**
 * Decides by some entries of a module together: the strongest outcome counts. Pure and synchronous; it denies what is
 * no plan or beyond the limits, and throws only where a plan does (a getter, a proxy).
 */
export interface Decider {
  /** With `later`, what is not known for no other reason than a reference is pending instead of a violation. */
  readonly evaluate: (plan: unknown, context: unknown, now: number, later?: boolean) => Verdict | null;
  /** Whether `evaluate` would say pass or warn; ends at the first step for which that is certain. */
  readonly allows: (plan: unknown, context: unknown, now: number) => boolean;
}

/** An entry, for who wants to know what is in a module. */
export interface EntryFacts {
  readonly name: string;
  readonly aggregate: Aggregate;
  /** Risk score from which a plan is denied. */
  readonly threshold: number;
  /** Exceptions; a finding that one covers stays visible and decides nothing. */
  readonly waivers: readonly Waiver[];
  /** The rules of the entry as ranges, ascending: the index of the first and the one behind the last, in turn. */
  readonly rules: readonly number[];
}

/** What is in a module, for auditors. */
export interface ModuleFacts {
  readonly policies: readonly string[];
  readonly categories: readonly string[];
  readonly files: readonly string[];
  readonly rules: readonly RuleRow[];
  readonly entries: readonly EntryFacts[];
  /** Of a module with sessions: rules that a session does not simply ask at each call. */
  readonly classes?: readonly RuleClass[];
}

/** The default export of an emitted module: a function without side effects. */
export type ModuleFactory = (kit: Kit) => PredicateModule;

/** What a module answers by for one of its capabilities. */
export type CapabilityFunction = (...args: readonly never[]) => unknown;

/**
 * All that decides stands in the module and is signed with it; the runtime verifies, loads, and copies out what it says.
 * It has a function for each capability of its statement, and for no other.
 */
export interface PredicateModule extends Readonly<Partial<Record<Capability, CapabilityFunction>>> {
  readonly format: number;
  /** Names of the entries. */
  readonly entries: readonly string[];
  /** Makes a decider of the entries with these indexes. */
  readonly open: (entries: readonly number[], limits: Partial<PlanLimits>) => Decider;
  readonly facts: () => ModuleFacts;
}

/** The function of a module that decides call by call: the same entries, and the limits of one call. */
export type OpenSessions = (entries: readonly number[], limits: Partial<PlanLimits>) => SessionModule;

/** The function of a module that decides from bytes: the entries, and the limits of a plan. */
export type OpenBytes = (entries: readonly number[], limits: Partial<PlanLimits>) => BytesModule;

/** How a session is asked a rule that is not simply asked at each call; `facts` of a module with that capability. */
export interface RuleClass {
  readonly rule: number;
  /** `obligation`: told when the session closes. `plan`: not at all. `prefix`: asked of all calls so far, each time. */
  readonly class: 'obligation' | 'plan' | 'prefix';
}
