/**
 * The few names the runtime takes from the JavaScript host, typed here because the runtime compiles without
 * Node's and the DOM's types. They are captured when this file is first imported, before any bundle runs, so
 * that code that later replaces `crypto.subtle.verify` or `atob` does not take part in a verification.
 */

/** A key that WebCrypto has imported; opaque. */
export interface HostKey {
  readonly type: string;
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
    verify(algorithm: HostAlgorithm, key: HostKey, signature: Uint8Array, data: Uint8Array): Promise<boolean>;
  };
};
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };
declare const atob: (base64: string) => string;
declare const btoa: (binary: string) => string;

const subtle = crypto.subtle;
const digest = subtle.digest.bind(subtle);
const encoder = new TextEncoder();
// `fatal`: malformed UTF-8 is refused, never replaced; `ignoreBOM`: a byte order mark stays visible.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const decodeBinary = atob;
const encodeBinary = btoa;

export const importKey = subtle.importKey.bind(subtle);
export const verifySignature = subtle.verify.bind(subtle);
export const utf8 = encoder.encode.bind(encoder);
/** @throws TypeError for bytes that are not UTF-8. */
export const fromUtf8 = decoder.decode.bind(decoder);
/** Milliseconds since the epoch. */
export const clock = Date.now;

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SHA-256 in lower-case hex. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await digest('SHA-256', bytes)));
}

// RFC 4648 §4 with its two optional checks on: no characters outside the alphabet (§3.3), pad bits zero (§3.5).
const base64Text = /^[A-Za-z0-9+/]*$/;
const base64Tail = /(?:^|[A-Za-z0-9+/]{2}(?:[A-Za-z0-9+/]{2}|[A-Za-z0-9+/]?[AEIMQUYcgkosw048]=|[AQgw]==))$/;

/** Decodes canonical base64; `undefined` for anything else, so that one byte string has one text. */
export function fromBase64(text: string): Uint8Array | undefined {
  const body = text.replace(/={1,2}$/, '');
  if (text.length % 4 !== 0 || !base64Text.test(body) || !base64Tail.test(text)) return undefined;
  const binary = decodeBinary(text);
  return Uint8Array.from(binary, (unit) => unit.charCodeAt(0));
}

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  // `apply` has an argument limit; 32 Ki is below every engine's.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  }
  return encodeBinary(parts.join(''));
}
