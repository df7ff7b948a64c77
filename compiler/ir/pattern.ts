/**
 * A text pattern after compilation: which engine decides it and the data that engine needs. Data only, and JSON
 * throughout, so that a plan can be cached, hashed and put into the emitted module by escaping alone.
 *
 * Every plan answers one question, "does this pattern match anywhere in this text?", in time linear in the text.
 */

/** Which way an automaton reads the text. Both ways give the same answer; the smaller automaton is kept. */
export type ScanDirection = 'forward' | 'reverse';

export type PatternEngine = 'literals' | 'native' | 'dfa' | 'nfa';

/**
 * Texts of which at least one occurs in everything the pattern matches. With `ignoreCase` they occur up to
 * Unicode simple case folding.
 */
export interface RequiredLiterals {
  readonly texts: readonly string[];
  readonly ignoreCase: boolean;
}

interface PlanBase {
  /** The pattern as its author wrote it. */
  readonly source: string;
  readonly ignoreCase: boolean;
  /** States of the automaton, or alternatives of the literals; 0 for the native engine. */
  readonly states: number;
  /** Length of the data this plan adds to the module, in characters before escaping and compression. */
  readonly bytes: number;
  /**
   * Upper bound on the work per character of text: table steps, word operations or character tests. The whole
   * search costs at most this many times the length of the text, plus a constant.
   */
  readonly worstCase: number;
  /**
   * Case-sensitive texts to look for first: when none occurs, nothing matches. Absent where it would not pay.
   */
  readonly prefilter?: readonly string[];
  /** Texts of which at least one occurs in everything the pattern matches; absent where none is known. */
  readonly required?: readonly string[];
  /** Proven: it matches in no decimal text of a number, so numbers need not be put into text for it. */
  readonly notInNumbers?: true;
  /**
   * What a match hangs on beside its own characters: the start of the text, its end, or what stands around it; absent
   * where it hangs on nothing, so that a match in a part of a text is one in the whole.
   */
  readonly looks?: 'start' | 'end' | 'around';
}

/** A set of plain texts. `packed` is absent where a few `includes` calls do. */
export interface LiteralsPlan extends PlanBase {
  readonly engine: 'literals';
  readonly texts: readonly string[];
  /** Character classes and the texts as class numbers, for Aho-Corasick. */
  readonly packed?: string;
}

/** The host's RegExp, allowed only where a static bound on backtracking keeps the search linear. */
export interface NativePlan extends PlanBase {
  readonly engine: 'native';
  /** The pattern printed anew: no named groups, every flag but `i` and `u` written out. */
  readonly printed: string;
  readonly flags: 'u' | 'iu';
}

/** A deterministic automaton as a packed table. */
export interface DfaPlan extends PlanBase {
  readonly engine: 'dfa';
  readonly direction: ScanDirection;
  readonly packed: string;
}

/** A nondeterministic automaton whose states are bits of a few words. */
export interface NfaPlan extends PlanBase {
  readonly engine: 'nfa';
  readonly direction: ScanDirection;
  readonly packed: string;
}

export type PatternPlan = LiteralsPlan | NativePlan | DfaPlan | NfaPlan;

/** Why a pattern was not compiled. `start` and `end` are UTF-16 offsets in the source, for a caret. */
export interface PatternRefusal {
  readonly reason: 'syntax' | 'unsupported' | 'too-large';
  readonly message: string;
  readonly hint: string;
  readonly start: number;
  readonly end: number;
}

export type PatternResult =
  | { readonly ok: true; readonly plan: PatternPlan }
  | { readonly ok: false; readonly refusal: PatternRefusal };
