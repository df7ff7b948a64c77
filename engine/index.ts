/**
 * What an emitted module may call: the rules' own functions, what decides, and everything conditions in CEL need. Emission
 * takes in of it what the policies use. Nothing here reads a global; what it needs of the host comes by the kit.
 */
export { bad, get, texts, size, fin, isType, glob, largest, least } from './rules/core.ts';
export {
  enter,
  taken,
  breaks,
  isLater,
  isMultiple,
  isUnique,
  isAmong,
  isNotNumber,
  keysOf,
  pointed,
} from './rules/args.ts';
export { plain, readings, spelt, read, like, patterns, folded } from './text/spelling.ts';
export { readsLike, isBlank } from './text/reads-like.ts';
export { askSteps, decides } from './rules/ask.ts';
export { asNumber, asScalar, asScalars, asText, givenHolds } from './rules/given.ts';
export { among, isAmongThem, mayBeAmongThem } from './rules/among.ts';
export { comparison } from './text/comparison.ts';
export { isNamed, mayBeNamed } from './text/named.ts';
export { explainGiven } from './messages/explain-given.ts';
export { holdsSeen, seen } from './rules/seen.ts';
export { explainReason, explainSeen } from './messages/explain-seen.ts';
export { base64Form as encodedForm } from './text/decode/base64.ts';
export { emailForm } from './text/decode/email.ts';
export { hostForm } from './text/decode/host.ts';
export { jsonForm } from './text/decode/json.ts';
export { pathForm } from './text/decode/path.ts';
export { percentForm } from './text/decode/percent.ts';
export { isPrivateHost } from './text/decode/private.ts';
export { urlForm } from './text/decode/url.ts';
export {
  ofAnyText,
  presence,
  asWritten,
  never,
  inParts,
  inFirst,
  inLast,
  notInParts,
  notInFirst,
  notInLast,
  starting,
  ending,
  equalling,
  sized,
} from './rules/unknown.ts';
export { over } from './guard/layers.ts';
export { combine } from './guard/combine.ts';
export { decider } from './decide.ts';
export { ranged } from './guard/ranges.ts';
export { rows } from './guard/rows.ts';
export { above, atLeast, below, atMost, within, equal, holding, matching } from './guard/cells.ts';
export { explain } from './messages/explain.ts';
export { explainArgs } from './messages/explain-args.ts';
export { tableScan, wordScan, bitScan } from './text/patterns.ts';
export { askPlan } from './whole-plan/ask.ts';
export { hit } from './module/question.ts';
export { openKinds } from './module/reason.ts';
export { maxCalls } from './whole-plan/max-calls.ts';
export { requireBefore } from './whole-plan/before.ts';
export { requireAfter } from './whole-plan/after.ts';
export { flows } from './whole-plan/flows.ts';
export { maxTotal } from './whole-plan/max-total.ts';
export { onFail } from './whole-plan/on-fail.ts';
export { lookAt } from './session/results.ts';
export { separateDuty } from './whole-plan/separate-duty.ts';
export { narrowed } from './whole-plan/narrowing.ts';
export { openBytes } from './bytes/open.ts';
export { sessions } from './session/sessions.ts';
export { onlineCalls, onlineSteps, onlineTotal } from './session/counts.ts';
export { onlineAfter, onlineBefore } from './session/pairs.ts';
export { onlineNarrowed } from './session/online.ts';
export { onlineWithin } from './session/window.ts';
export { onlineDuties } from './session/duties.ts';
export { onlineFlows } from './session/taint.ts';
export * from './cel/index.ts';
