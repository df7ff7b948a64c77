/** Syslog: RFC 5424 messages, octet counting (RFC 5425 §4.3, RFC 6587 §3.4.1), and datagrams of bounded size. */

/** Facility 13 (log audit), severity 5 (notice): 13 × 8 + 5. */
const PRIORITY = 109;
/** RFC 5426 §3.2: receivers should take this much. */
export const MAX_DATAGRAM = 2_048;

export interface Origin {
  readonly host: string;
  readonly process: string;
}

/** A header field: visible ASCII, no blank, no more than `limit`; `-` for nothing (RFC 5424 §6). */
const field = (text: string, limit: number): string =>
  text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, limit) || '-';

/** One message. No byte order mark: receivers hand it on, and `^CEF:` matches no more. */
export function rfc5424(message: string, timestamp: string, { host, process }: Origin): string {
  return `<${PRIORITY}>1 ${timestamp} ${field(host, 255)} plan-lint ${field(process, 128)} violation - ${message}`;
}

/** A frame for a stream. */
export function octetCounted(message: string): Buffer {
  const bytes = Buffer.from(message);
  return Buffer.concat([Buffer.from(`${bytes.length} `), bytes]);
}

/** A datagram: cut where it is too long, and never within a character. */
export function datagram(message: string): Buffer {
  const bytes = Buffer.from(message);
  if (bytes.length <= MAX_DATAGRAM) return bytes;
  let end = MAX_DATAGRAM;
  // 10xxxxxx goes on with a character that began before.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
