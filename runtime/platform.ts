/**
 * The few names the runtime takes from the JavaScript host, typed here because the runtime compiles without
 * Node's and the DOM's types. They are captured when this file is first imported, before any bundle runs, so
 * that code that later replaces `crypto.subtle.verify` or `atob` does not take part in a verification.
 */

/** A key that WebCrypto has imported; opaque. */
export interface HostKey {
  readonly algorithm: { readonly modulusLength?: number; readonly publicExponent?: Uint8Array };
}

/** Import and verification parameters, as WebCrypto names them (W3C Web Cryptography, §18). */
export interface HostAlgorithm {
  readonly name: string;
  readonly namedCurve?: string;
  readonly hash?: string;
}

declare const crypto: {
  readonly subtle: {
    digest(algorithm: string, data: Uint8Array): Promise<ArrayBuffer>;
    importKey(
      format: string,
      data: Uint8Array,
      algorithm: HostAlgorithm,
      extractable: boolean,
      usages: readonly string[],
    ): Promise<HostKey>;
    exportKey(format: string, key: HostKey): Promise<ArrayBuffer>;
    verify(algorithm: HostAlgorithm, key: HostKey, signature: Uint8Array, data: Uint8Array): Promise<boolean>;
  };
};
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: string,
  options: { readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };
declare const atob: (base64: string) => string;
declare const btoa: (binary: string) => string;

const subtle = crypto.subtle;
const digest = subtle.digest.bind(subtle);
const encoder = new TextEncoder();
// What is not UTF-8 becomes U+FFFD, which no strict reader lets pass; a byte order mark stays visible.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const decodeBinary = atob;
const encodeBinary = btoa;

export const { isArray } = Array;
export const { entries: entriesOf, freeze, fromEntries, getPrototypeOf, hasOwn, prototype } = Object;
export const importKey = subtle.importKey.bind(subtle);
export const exportKey = subtle.exportKey.bind(subtle);
export const verifySignature = subtle.verify.bind(subtle);
export const utf8 = encoder.encode.bind(encoder);
export const fromUtf8 = decoder.decode.bind(decoder);
/** Milliseconds since the epoch. */
export const clock = Date.now;

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @throws SyntaxError for what is not 32 bytes in lower-case hex */
export function fromHex(text: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new SyntaxError('not a digest');
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** SHA-256 in lower-case hex. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await digest('SHA-256', bytes)));
}

/**
 * Decodes canonical base64 (RFC 4648 §4). One byte string has one text: no characters outside the alphabet (§3.3), padding
 * whole and its bits zero (§3.5).
 *
 * @throws Error for anything else
 */
export function fromBase64(text: string): Uint8Array {
  const binary = decodeBinary(text);
  // The decoder is lax; what it read has one encoding.
  if (encodeBinary(binary) !== text) throw new SyntaxError('not canonical base64');
  return Uint8Array.from(binary, (unit) => unit.charCodeAt(0));
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  // As texts of numbers.
  return String(a) === String(b);
}
