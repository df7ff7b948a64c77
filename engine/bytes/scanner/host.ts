/** What the scanner asks the module that carries it. Each answers 0 for: leave the plan to the full evaluator. */

/** The row of a tool that is met for the first time; its name stands there. */
export declare function rowOf(at: usize, length: u32): usize;
/** Whether a text surely trips nothing: in the cell of this number, -1 for one of no cell, and for the rules of every text. */
export declare function isQuiet(at: usize, length: u32, cell: i32): i32;
/** Whether the name of an argument, or of a member below one, is just a name. */
export declare function isName(at: usize, length: u32): i32;
/** Whether a further member of the plan (0) or of a step (1) is one that no other reader takes for a known one. */
export declare function isHarmless(at: usize, length: u32, inStep: i32): i32;
/** How many steps a text with an opener names, all in front of this one, and one; below zero where a rule of every text may fire. */
export declare function referencesIn(at: usize, length: u32): i32;
/** A number as the engine reads it. */
export declare function numberAt(at: usize, length: u32): f64;
/** Whether the digits of a number surely trip nothing. */
export declare function isQuietNumber(value: f64): i32;
/** How a code point may be spelled: one of `SPELLING_...`. */
export declare function spellingOf(codePoint: u32): i32;
