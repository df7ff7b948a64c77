/** JSON keyed by plan, as the source document reads it, and JSON lines. */
import { keyOf } from './record.ts';
import type { BatchFormat } from './format.ts';
import { recordWriter } from './record-text.ts';

/** One plan a line, so that line tools and `report merge` need not hold the whole. */
export const jsonReport: BatchFormat = {
  head: () => '{\n',
  item: (record) => `${JSON.stringify(keyOf(record))}:${JSON.stringify(record)}`,
  decided: () => recordWriter('', ':{'),
  separator: ',\n',
  tail: () => '\n}\n',
};

export const jsonlReport: BatchFormat = {
  head: () => '',
  // The record's own text, with one member more in front.
  item: (record) => `{"plan":${JSON.stringify(keyOf(record))},${JSON.stringify(record).slice(1)}`,
  decided: () => recordWriter('{"plan":', ','),
  separator: '\n',
  tail: ({ plans }) => (plans > 0 ? '\n' : ''),
};
