/** DER in node-forge's terms, as far as certificates need it. */
import forge from 'node-forge';

export type Asn1 = forge.asn1.Asn1;
const { asn1 } = forge;
const { Type, Class } = asn1;

const make = (type: forge.asn1.Type, constructed: boolean, value: string | Asn1[]): Asn1 =>
  asn1.create(Class.UNIVERSAL, type, constructed, value);

/** node-forge keeps bytes in strings, one character each. */
const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

export const sequence = (...items: Asn1[]): Asn1 => make(Type.SEQUENCE, true, items);
export const set = (...items: Asn1[]): Asn1 => make(Type.SET, true, items);
export const oid = (dotted: string): Asn1 => make(Type.OID, false, asn1.oidToDer(dotted).getBytes());
export const nothing = (): Asn1 => make(Type.NULL, false, '');
export const yes = (): Asn1 => make(Type.BOOLEAN, false, '\xff');
export const octets = (bytes: Uint8Array): Asn1 => make(Type.OCTETSTRING, false, binary(bytes));
/** `unused` counts the bits of the last byte that do not belong to the string. */
export const bits = (bytes: Uint8Array, unused = 0): Asn1 =>
  make(Type.BITSTRING, false, String.fromCharCode(unused) + binary(bytes));
/** A non-negative integer from its big-endian bytes. */
export const integer = (bytes: Uint8Array): Asn1 =>
  make(Type.INTEGER, false, ((bytes[0] ?? 0) > 0x7f ? '\0' : '') + binary(bytes));
export const utf8 = (text: string): Asn1 => make(Type.UTF8, false, binary(Buffer.from(text)));
export const printable = (text: string): Asn1 => make(Type.PRINTABLESTRING, false, text);
/** Context-specific tag; `constructed` where it wraps whole elements. */
export const tagged = (tag: number, constructed: boolean, value: string | Asn1[]): Asn1 =>
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a context tag is a number of its own
  asn1.create(Class.CONTEXT_SPECIFIC, tag, constructed, value);

/** RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050. */
export const time = (date: Date): Asn1 =>
  date.getUTCFullYear() < 2050
    ? make(Type.UTCTIME, false, asn1.dateToUtcTime(date))
    : make(Type.GENERALIZEDTIME, false, asn1.dateToGeneralizedTime(date));

export function toDer(value: Asn1): Uint8Array {
  return Buffer.from(asn1.toDer(value).getBytes(), 'latin1');
}

/** @throws Error for bytes that are not DER */
export function fromDer(bytes: Uint8Array): Asn1 {
  return asn1.fromDer(binary(bytes), true);
}

/** The elements of a constructed value. @throws TypeError for a primitive one */
export function children(value: Asn1 | undefined): Asn1[] {
  if (!value || typeof value.value === 'string') throw new TypeError('not a constructed value');
  return value.value;
}

/** The content of a BIT STRING without unused bits. */
export function bitContent(value: Asn1 | undefined): Uint8Array {
  // node-forge looks into bit strings that hold DER; `bitStringContents` keeps what was there.
  const raw =
    (value as { readonly bitStringContents?: string } | undefined)?.bitStringContents ?? value?.value;
  if (typeof raw !== 'string') throw new TypeError('not a bit string');
  return Buffer.from(raw, 'latin1').subarray(1);
}
