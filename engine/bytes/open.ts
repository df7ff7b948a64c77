/**
 * Plans decided from their bytes. The scanner (`scanner/`) reads; what it cannot tell alone it asks here, and here the same guard
 * answers that the walk over objects has. Steps on which a rule may fire are handed over, read and asked; whatever stays open is for
 * the strict reader and the full evaluator.
 */
import {
  CAUSE_LIMIT,
  CAUSE_PLAN,
  HANDED,
  HANDED_SIZE,
  INPUT,
  INPUT_END,
  LENT,
  LENT_END,
  MOST_TOOLS,
  NO_ROOM,
  ROW_ASKS,
  ROW_GOVERNED,
  SPELLING_OTHER,
  SPELLING_OWN,
  SPELLING_WIDE,
} from './format.ts';
import { forget, hasRoom, newMemory, putFreeCell, putRow, soughtByAll } from './memory.ts';
import type { Common, Memory } from './memory.ts';
import { isSettledBy } from './of-tool.ts';
import { isWrittenText } from './written.ts';
import { decider } from '../decide.ts';
import type { StepsDecider } from '../decide.ts';
import { cellTrips, guardTrips, isOdd, minds, rowOf } from '../guard/open-guard.ts';
import type { Cell } from '../guard/open-guard.ts';
import type { Entry, Guard, Tables } from '../module/tables.ts';
import { sufficesFor } from '../rules/text-work.ts';
import { decimalText } from '../text/decimal.ts';
import { hasOwnSpelling, mayReadOtherwise } from '../text/plain.ts';
import { readText } from '../text/references.ts';
import { foreignInPlan, foreignInStep } from '../walk/foreign.ts';
import { inherited } from '../walk/inherited.ts';
import { newChecker } from '../walk/plan.ts';
import { isWide, MOST_OPEN, MOST_RESPELLED, MOST_RESPELLED_TEXT } from '../walk/walk.ts';
import { stepsFor } from '../whole-plan/ask.ts';
import type {
  BytesModule,
  ByteScanner,
  PlanLimits,
  ScannerHost,
  ScannerImports,
} from '@plan-lint/runtime/contract';

declare const fromCodePoint: (code: number) => string;
declare const Map: MapConstructor;

/** Names of the causes, by number (`format.ts`). */
const CAUSES = 'none steps shape reference number limit text name order plan'.split(' ');

/**
 * When a rule about the plan as a whole says nothing: of a plan of no more steps than this; of a plan that calls no tool that it
 * governs; `null`: nobody knows without asking it.
 */
export type QuietWhen = number | ((tool: string) => boolean) | null;

/** Nesting from which on plans are for others; that of a usual plan is within any limit. */
const DEEPEST = 64;
const LEAST_DEPTH = 8;
const LARGEST = 0x7fffffff;
const LONGEST_TOOL = 256;

/** Rules that look at more than the step they are asked about. */
export interface RulesOfPlan {
  /** Of each rule about the plan as a whole, of all entries: when it says nothing. */
  readonly quiet: readonly QuietWhen[];
  /** Rules about a step that look at the plan, by index. */
  readonly readers: readonly number[];
  /** The scanner, in base64. */
  readonly scanner: string;
}

/** @param joined - the guards of the entries as one */
export function openBytes(
  tables: Tables,
  entries: readonly Entry[],
  joined: Guard,
  limits: Partial<PlanLimits>,
  { quiet, readers, scanner }: RulesOfPlan,
): BytesModule {
  const looksAtPlan = new Map(readers.map((index) => [index, true]));
  return {
    scanner,
    causes: CAUSES,
    open: (host) =>
      byteScanner(host, decider(tables, entries, joined, limits), limits, { quiet, looksAtPlan }),
  };
}

interface HandedPlan {
  readonly plan: { readonly steps: readonly unknown[] };
  /** Which steps are there, ascending. */
  readonly places: readonly number[];
  /** Where they begin in the text, in bytes. */
  readonly offsets: ReadonlyMap<number, number>;
}

function byteScanner(
  host: ScannerHost,
  { guard, decideSteps }: StepsDecider,
  limits: Partial<PlanLimits>,
  { quiet, looksAtPlan }: Pick<RulesOfPlan, 'quiet'> & { readonly looksAtPlan: ReadonlyMap<number, boolean> },
): ByteScanner {
  const { walk, maxSteps, maxDependencies } = newChecker(limits);
  const { maxText, maxNodes, maxDepth } = walk;
  const isAlwaysAsked = quiet.includes(null);
  const common: Common = { guard, sought: soughtByAll(guard), maxText };
  /** Rules of every text that ask what is written, references and all. */
  const asksWritten = guard.rules.every(isWrittenText);
  /** Of the plan that is read: how long it is, and how many of its texts hold what is not known. */
  let length = 0;
  let opened = 0;
  let isFull = false;

  const textAt = (at: number, size: number): string =>
    host.decode(memory.instance.bytes.subarray(at, at + size));

  function isQuiet(text: string, cell: Cell | undefined): boolean {
    const looks = cell !== undefined && cell.rules.length > 0 && cell.texts === 2;
    const watches = guard.watches && guard.rules.length > 0;
    const trips = (read: string): boolean =>
      (looks && cellTrips(cell, read)) || (watches && guardTrips(guard, read));
    return !trips(text) && !(mayReadOtherwise(text) && guard.readings(text).some(trips));
  }

  function hasId(id: string): boolean {
    const bytes = host.encode(id);
    if (bytes.length > LENT_END - LENT) return false;
    memory.instance.bytes.set(bytes, LENT);
    return memory.instance.hasId(LENT, bytes.length) !== 0;
  }

  const imports: ScannerImports = {
    rowOf(at = 0, size = 0) {
      if (size === 0 || size > LONGEST_TOOL) return 0;
      if (isFull || memory.tools >= MOST_TOOLS || !hasRoom(memory)) {
        isFull = true;
        return NO_ROOM;
      }
      const tool = textAt(at, size);
      const row = rowOf(guard, tool);
      if (!row.isName || row.isReference) return 0;
      const asked = row.rules.filter((index) => !isSettledBy(tool, index));
      const asks = asked.length === 0 ? 0 : ROW_ASKS;
      const isGoverned = quiet.some((one) => typeof one === 'function' && one(tool));
      const governed = isGoverned || asked.some((index) => looksAtPlan.has(index)) ? ROW_GOVERNED : 0;
      memory.tools += 1;
      const put = putRow(memory, tool, row, common, asks | governed);
      return put === 0 ? NO_ROOM : put;
    },
    isQuiet: (at = 0, size = 0, cell = -1) => (isQuiet(textAt(at, size), memory.cells[cell]) ? 1 : 0),
    isName: (at = 0, size = 0) => (isOdd(guard, textAt(at, size)) ? 0 : 1),
    isHarmless(at = 0, size = 0, inStep = 0) {
      const name = textAt(at, size);
      if (inStep === 0) return foreignInPlan(name) === '' ? 1 : 0;
      // Of some members their value says whether they mislead.
      if (name === 'name' || name === 'input') return 0;
      return foreignInStep(name, null, '') === '' ? 1 : 0;
    },
    referencesIn(at = 0, size = 0) {
      const text = textAt(at, size);
      const read = readText(text);
      opened += 1;
      if (read === null || opened > MOST_OPEN || !read.ids.every(hasId)) return 0;
      const named = read.ids.length + 1;
      if (guard.rules.length === 0) return named;
      if (!asksWritten || !sufficesFor(guard.rules.length, opened, length)) return -named;
      return minds(guard, text, mayReadOtherwise(text)) ? -named : named;
    },
    numberAt: (at = 0, size = 0) => +textAt(at, size),
    isQuietNumber: (value = 0) => (isQuiet(decimalText(value), undefined) ? 1 : 0),
    spellingOf(code = 0) {
      if (isWide(code)) return SPELLING_WIDE;
      return hasOwnSpelling(fromCodePoint(code)) ? SPELLING_OWN : SPELLING_OTHER;
    },
  };

  const memory: Memory = newMemory(host.start(imports), host.encode);
  const { instance } = memory;
  const whole = (most: number): number => (most < LARGEST ? most - (most % 1) : LARGEST);
  instance.limit(
    whole(maxText),
    maxDepth < DEEPEST ? whole(maxDepth) : DEEPEST,
    whole(maxSteps),
    whole(maxNodes),
    whole(maxDependencies),
  );
  instance.limitSpellings(MOST_RESPELLED, MOST_RESPELLED_TEXT);
  const ofPlan = quiet.filter((one) => typeof one === 'function').length;
  const most = quiet.reduce<number>(
    (least, one) => (typeof one === 'number' && one < least ? one : least),
    stepsFor(ofPlan),
  );
  instance.setQuietSteps(whole(most));

  /** Makes room for tools that are not known yet. */
  function begin(): boolean {
    if (isFull) forget(memory);
    isFull = false;
    if (memory.cells.length > 0) return true;
    const cell = putFreeCell(memory, common);
    instance.setFreeCell(cell);
    return cell !== 0;
  }

  /** Calls back with each step that was handed over: its number, and where it stands. */
  function eachHanded(visit: (index: number, from: number, to: number) => void): void {
    const { view } = instance;
    const end = HANDED + instance.handedSteps() * HANDED_SIZE;
    for (let at = HANDED; at < end; at += HANDED_SIZE)
      visit(view.getUint32(at, true), view.getUint32(at + 4, true), view.getUint32(at + 8, true));
  }

  /** What is asked of the steps that were handed over is asked of a plan in which only they can be seen. */
  function handedPlan(): HandedPlan {
    const steps: unknown[] = [];
    const places: number[] = [];
    const offsets = new Map<number, number>();
    for (let count = instance.stepCount(); count > 0; count -= 1) steps.push(null);
    eachHanded((index, from, to) => {
      steps[index] = host.read(textAt(from, to - from));
      places.push(index);
      offsets.set(index, from - INPUT);
    });
    return { plan: { steps }, places, offsets };
  }

  function planId(): string | null {
    const at = instance.planIdAt();
    return at === 0 ? null : textAt(at, instance.planIdLength());
  }

  return {
    decide(context, now, later) {
      // Read before anything is asked: whoever vouches for a context may have other plans decided meanwhile.
      const { plan, places, offsets } = handedPlan();
      const id = planId();
      const verdict = decideSteps({ plan, places, looksAtPlan }, context, now, later);
      const offsetOf = (step: number): number | null => offsets.get(step) ?? null;
      return verdict === undefined ? null : { planId: id, verdict, offsetOf };
    },
    scan(plan) {
      if (isAlwaysAsked) return CAUSE_PLAN;
      const isTooLarge = plan.length > INPUT_END - INPUT || maxDepth < LEAST_DEPTH;
      if (inherited() !== null || isTooLarge || !begin()) return CAUSE_LIMIT;
      length = plan.length;
      opened = 0;
      instance.bytes.set(plan, INPUT);
      return instance.scan(INPUT, length);
    },
    planId,
  };
}
