/**
 * Plans on which nothing fires, told by their bytes. The scanner (`scanner/`) reads; what it cannot tell alone it asks here, and here
 * the same guard answers that the walk over objects has. Whatever stays open is for the strict reader and the full evaluator.
 */
import {
  CAUSE_LIMIT,
  CAUSE_PLAN,
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
import { cellTrips, guardTrips, isOdd, minds, openGuard, rowOf } from '../guard/open-guard.ts';
import type { Cell, OpenGuard } from '../guard/open-guard.ts';
import type { Guard, Tables } from '../module/tables.ts';
import { sufficesFor } from '../rules/text-work.ts';
import { decimalText } from '../text/decimal.ts';
import { hasOwnSpelling, mayReadOtherwise } from '../text/plain.ts';
import { readText } from '../text/references.ts';
import { foreignInPlan, foreignInStep } from '../walk/foreign.ts';
import { inherited } from '../walk/inherited.ts';
import { newChecker } from '../walk/plan.ts';
import { isWide, MOST_RESPELLED, MOST_RESPELLED_TEXT } from '../walk/walk.ts';
import { stepsFor } from '../whole-plan/ask.ts';
import type {
  BytesModule,
  ByteScanner,
  PlanLimits,
  ScannerHost,
  ScannerImports,
} from '@plan-lint/runtime/contract';

declare const fromCodePoint: (code: number) => string;

/** Names of the causes, by number (`format.ts`). */
const CAUSES = 'none shape rule tool reference number limit text name order plan missing'.split(' ');

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

/**
 * @param joined - the guards of the entries as one
 * @param quiet - of each rule about the plan as a whole, of all entries: when it says nothing
 * @param scanner - in base64
 */
export function openBytes(
  tables: Tables,
  joined: Guard,
  limits: Partial<PlanLimits>,
  quiet: readonly QuietWhen[],
  scanner: string,
): BytesModule {
  return {
    scanner,
    causes: CAUSES,
    open: (host) => byteScanner(host, openGuard(joined, tables.readings, tables.templates), limits, quiet),
  };
}

function byteScanner(
  host: ScannerHost,
  guard: OpenGuard,
  limits: Partial<PlanLimits>,
  quiet: readonly QuietWhen[],
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
      const asks = row.rules.every((index) => isSettledBy(tool, index)) ? 0 : ROW_ASKS;
      const governed = quiet.some((one) => typeof one === 'function' && one(tool)) ? ROW_GOVERNED : 0;
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
      if (read === null || !read.ids.every(hasId)) return 0;
      if (guard.rules.length === 0) return read.ids.length + 1;
      if (!asksWritten || !sufficesFor(guard.rules.length, opened, length)) return 0;
      return minds(guard, text, mayReadOtherwise(text)) ? 0 : read.ids.length + 1;
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

  return {
    scan(plan) {
      if (isAlwaysAsked) return CAUSE_PLAN;
      const isTooLarge = plan.length > INPUT_END - INPUT || maxDepth < LEAST_DEPTH;
      if (inherited() !== null || isTooLarge || !begin()) return CAUSE_LIMIT;
      length = plan.length;
      opened = 0;
      instance.bytes.set(plan, INPUT);
      return instance.scan(INPUT, length);
    },
    planId() {
      const at = instance.planIdAt();
      return at === 0 ? null : textAt(at, instance.planIdLength());
    },
  };
}
