/** The body of an answer, up to a size. */

/** @throws Unreadable for what is larger, or no UTF-8; whatever `fetch` throws */
export async function textOf(reply: Response, most: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of reply.body ?? []) {
    const bytes = part as Uint8Array;
    size += bytes.length;
    if (size > most) throw new Unreadable('the answer is too large');
    parts.push(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new Unreadable('the answer is no UTF-8');
  }
}

/** Somebody has answered, and it is nothing that is read. */
export class Unreadable extends Error {}
