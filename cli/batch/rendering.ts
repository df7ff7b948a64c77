/** Records become pieces of reports. */
import { BATCH_FORMATS } from './formats.ts';
import type { BatchFormatName } from './formats.ts';
import type { BatchFormat, ItemOptions } from '../../decisions/format.ts';
import type { PlanRecord } from '../../decisions/record.ts';
import { addRecord, emptySummary } from '../../decisions/summary.ts';
import type { FailWhen, Summary } from '../../decisions/summary.ts';

export interface RenderOptions extends FailWhen {
  readonly formats: readonly BatchFormatName[];
  readonly item: ItemOptions;
}

/** Pieces of reports in UTF-8, in the order of the formats, and what they amount to. */
export interface Rendered {
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
  readonly summary: Summary;
}

/** What the reports say of some records, in the order in which they are added. */
export class Rendering {
  readonly #options: RenderOptions;
  readonly #summary = emptySummary();
  readonly #columns: readonly Column[];

  /** @param decided - the records come from `decidePlan`: their members are known, and in their order */
  constructor(options: RenderOptions, decided: boolean) {
    this.#options = options;
    this.#columns = options.formats.map((name) => {
      const format: BatchFormat = BATCH_FORMATS[name];
      return {
        item: (decided ? format.decided?.() : undefined) ?? format.item,
        separator: format.separator,
        text: '',
      };
    });
  }

  add(record: PlanRecord): void {
    const { item: options } = this.#options;
    addRecord(this.#summary, record, this.#options);
    for (const column of this.#columns) {
      const text = column.item(record, options);
      if (text === '') continue;
      column.text += column.text === '' ? text : column.separator + text;
    }
  }

  end(): Rendered {
    return { pieces: this.#columns.map(({ text }) => encoder.encode(text)), summary: this.#summary };
  }
}

interface Column {
  readonly item: BatchFormat['item'];
  readonly separator: string;
  text: string;
}

const encoder = new TextEncoder();
