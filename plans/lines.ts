/** Lines as they come: each is there as soon as its end is. */

/** The longest line; a longer one is answered as one that is not understood. */
export const MAX_LINE = 16 * 1024 * 1024;

export interface Line {
  /** `null` where it is no UTF-8, or too long. */
  readonly text: string | null;
  /** From 1. */
  readonly number: number;
}

const decoder = (): InstanceType<typeof TextDecoder> =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let open: Uint8Array[] = [];
  let length = 0;
  let number = 0;
  const line = (): Line => {
    number += 1;
    const bytes = Buffer.concat(open);
    const tooLong = length > MAX_LINE;
    open = [];
    length = 0;
    if (tooLong) return { text: null, number };
    try {
      return { text: decoder().decode(bytes), number };
    } catch {
      return { text: null, number };
    }
  };
  const take = (part: Uint8Array): void => {
    length += part.length;
    // What is beyond is counted and not kept.
    if (length <= MAX_LINE) open.push(part);
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      take(chunk.subarray(from, at));
      yield line();
      from = at + 1;
    }
    take(chunk.subarray(from));
  }
  if (length > 0) yield line();
}
