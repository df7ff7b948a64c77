/**
 * What the scanner's memory holds, and where: shared by the scanner (AssemblyScript) and by what fills its tables (TypeScript), so
 * that the format is written once. Sizes and places are in bytes, numbers little-endian.
 *
 *     SPELLINGS  a byte for each code point below `SPELLED`: one of `SPELLING`
 *     IDS        a slot for each id of a step: hash, epoch, place, length; 4 bytes each
 *     NAMES      a stack of the names of members that are open: place, length; 4 bytes each
 *     LENT       a text that the host asks about
 *     TOOLS      a slot for each tool that was met: hash, row; 4 bytes each
 *     HANDED     steps that are handed over: index, place, end; 4 bytes each
 *     TABLES     rows, cells and what they point to, made when a tool is first met
 *     SCRATCH    texts without their escapes
 *     INPUT      the plan, and `PADDING` zeros behind it
 *
 * A row is what there is to ask of a tool:
 *
 *      0 u64 arguments that are needed, a bit a cell      16 u32 place of its name      28 u32 flags: `ROW_...`
 *      8 u32 how many cells                               20 u32 length of its name     32 cells, one behind the other
 *     12 u32 place of 32 bytes: the order of arguments    24 u32 number of the row
 *
 * A cell is what an argument is held against:
 *
 *      0 u32 place of its name      16 f64 numbers up to here do not trip      36 u32 how many: texts
 *      4 u32 length of its name     24 u32 place of a search, 0: none          40 u64 lengths modulo 64 of these texts, a bit each
 *      8 f64 numbers from here on   28 u32 number of the cell                  48 u32 flags: `CELL_...`
 *        do not trip                32 u32 place of hashes of texts, u64 each  52 12 bytes that say nothing
 *
 * A search finds literals by two neighbouring bytes (Teddy, of the Hyperscan project): four tables of 16 bytes, one for each half of
 * each byte, with a bit a bucket; behind them u32 place and u32 number of the literals, which are
 *
 *      0 u32 place      4 u32 length      8 u32 where the two bytes stand in it      12 u32 whether case is no matter
 */

/** Pages of 64 KiB that the scanner has, all of them from the start: 8 MiB. */
export const PAGES = 128;

export const SPELLINGS = 0x10000;
export const SPELLED = 0x20000;
export const IDS = 0x30000;
export const ID_SLOTS = 16384;
/** Half of the slots stay free. */
export const MOST_IDS = 8192;
export const NAMES = 0x70000;
export const MOST_NAMES = 8192;
export const LENT = 0x80000;
export const LENT_END = 0x8ffc0;
export const TOOLS = 0x90000;
export const TOOL_SLOTS = 4096;
export const MOST_TOOLS = 2048;
export const HANDED = 0x98000;
export const HANDED_SIZE = 12;
/** Room for as many as there may be ids. */
export const TABLES = 0xb0000;
export const TABLES_END = 0x500000;
export const SCRATCH = 0x500000;
export const SCRATCH_END = 0x57ffc0;
export const INPUT = 0x580000;
export const INPUT_END = 0x7fffc0;
export const PADDING = 64;

/** What stands for the row of a tool where there is no room for one. */
export const NO_ROOM = 1;

/** How a code point is spelled: nobody has asked yet; in no other way; in another way; as several characters. */
export const SPELLING_UNKNOWN = 0;
export const SPELLING_OWN = 1;
export const SPELLING_OTHER = 2;
export const SPELLING_WIDE = 3;

export const ROW_CELLS = 32;
export const CELL_SIZE = 64;
/** Cells of a row at most, for each has a bit. */
export const MOST_CELLS = 60;
/** Arguments whose order is remembered. */
export const ORDERED = 32;

/** Every step of the tool has something to ask. */
export const ROW_ASKS = 1;
/** A rule that looks at the plan as a whole has to be asked. */
export const ROW_GOVERNED = 2;

/** There are texts to compare with. */
export const CELL_COMPARES = 1;
/** Every text trips. */
export const CELL_TEXTS = 2;
/** `true`, `false` and `null` trip. */
export const CELL_LITERALS = 4;
/** Objects and arrays trip. */
export const CELL_OBJECTS = 8;
/** Only the host can say whether a text trips. */
export const CELL_OPAQUE = 16;
/** Nothing in it is a reference. */
export const CELL_TEMPLATE = 32;
/** The name itself has to be looked at. */
export const CELL_ODD = 64;
/** The host looks at numbers as texts. */
export const CELL_DIGITS = 128;

/** What a plan comes to. Nothing fires on it; */
export const CAUSE_NONE = 0;
/** it is a plan, and rules may fire on the steps that are handed over, and on no other; */
export const CAUSE_STEPS = 1;
/** all others leave it to the strict reader and the full evaluator: it is not JSON, or not of a plan's shape; */
export const CAUSE_SHAPE = 2;
/** a text reads the result of a step that does not stand in front of it; */
export const CAUSE_REFERENCE = 3;
/** a number may be one that no double holds; */
export const CAUSE_NUMBER = 4;
/** it is larger than the scanner takes, or may be beyond a limit; */
export const CAUSE_LIMIT = 5;
/** it holds half of a surrogate pair, or a sign that stands for several; */
export const CAUSE_TEXT = 6;
/** a name of a member is there twice, or is more than a name; */
export const CAUSE_NAME = 7;
/** a step depends on one that does not stand in front of it; */
export const CAUSE_ORDER = 8;
/** a rule that looks at the plan as a whole has to be asked. */
export const CAUSE_PLAN = 9;
