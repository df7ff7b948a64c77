/** A reader of CEF, written from the standard (ArcSight Common Event Format, version 25): header, then pairs of the extension. */

export interface CefEvent {
  /** Vendor, product, version, class id, name, severity. */
  readonly header: readonly string[];
  readonly extension: Readonly<Record<string, string>>;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r' };
const unescaped = (text: string): string => text.replace(/\\(.)/gs, (_, one: string) => ESCAPES[one] ?? one);

/** @throws Error for what is no CEF */
export function readCef(text: string): CefEvent {
  const match = /^CEF:0((?:\|(?:\\[\\|]|[^\\|\n\r])*){6})\|([^\n\r]*)$/.exec(text);
  if (!match) throw new Error(`no CEF: ${text.slice(0, 200)}`);
  const [, head = '', rest = ''] = match;
  const header = [...head.matchAll(/\|((?:\\.|[^|\\])*)/g)].map(([, field = '']) => unescaped(field));
  // A key begins the extension or follows a blank; a value goes as far as the next key.
  const keys = [...rest.matchAll(/(?:^| )(\w+)=/g)];
  const extension = keys.map(({ index, 0: whole, 1: key = '' }, i): [string, string] => {
    const value = rest.slice(index + whole.length, keys[i + 1]?.index);
    if (/(?<!\\)(?:\\\\)*=/.test(value.replaceAll(/\\[\\=nr]/g, ''))) throw new Error(`an open = in ${key}`);
    return [key, unescaped(value)];
  });
  return { header, extension: Object.fromEntries(extension) };
}
