/** Server-sent events (HTML §9.2): the data of each, as far as MCP uses them. */
import { linesOf } from 'plan-lint/plans';

/** Events end in lines that end in `\n` or `\r\n`; a lone `\r` is none here. */
export async function* eventsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const { text } of linesOf(body)) {
    // What is no UTF-8, or too long, is no message either.
    const line = text === null ? 'data:' : text.replace(/\r$/, '').replace(/^\ufeff/, '');
    if (line === '') {
      if (data.length > 0) yield data.join('\n');
      data = [];
    } else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
  }
}
