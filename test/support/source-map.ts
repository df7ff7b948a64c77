/** A source map read back, by code that shares nothing with what writes it. */

/** One stretch of the module; lines and columns from 1, as people count. */
export interface Segment {
  readonly line: number;
  readonly column: number;
  /** `null`: of no policy. */
  readonly origin: { readonly place: string; readonly name: string } | null;
}

/** ECMA-426 "Base64 VLQ": groups of five bits, low first; the lowest bit of all is the sign. */
function numbers(segment: string): readonly number[] {
  const found: number[] = [];
  let bits = '';
  for (const digit of Buffer.from(segment.replaceAll(/./g, 'AAA$&'), 'base64').filter(
    (_, i) => i % 3 === 2,
  )) {
    const all = digit.toString(2).padStart(6, '0');
    bits = all.slice(1) + bits;
    if (all.startsWith('1')) continue;
    found.push(parseInt(bits.slice(0, -1), 2) * (bits.endsWith('1') ? -1 : 1));
    bits = '';
  }
  return found;
}

/** Every segment of a map, in order. */
export function readSourceMap(json: string): readonly Segment[] {
  const map = JSON.parse(json) as Record<string, unknown>;
  const { version, sources, names, mappings } = map as {
    version: number;
    sources: readonly string[];
    names: readonly string[];
    mappings: string;
  };
  if (version !== 3 || Object.keys(map).join() !== 'version,sources,names,mappings') throw new Error(json);
  const now = [0, 0, 0, 0];
  return mappings.split(';').flatMap((line, i) => {
    let column = 0;
    return line.split(',').flatMap((text): Segment[] => {
      if (text === '') return [];
      const [step = NaN, ...deltas] = numbers(text);
      column += step;
      const at = { line: i + 1, column: column + 1 };
      if (deltas.length === 0) return [{ ...at, origin: null }];
      if (deltas.length !== 4) throw new Error(text);
      deltas.forEach((delta, part) => (now[part] = (now[part] ?? 0) + delta));
      const [source = 0, originLine = 0, originColumn = 0, name = 0] = now;
      const place = `${sources[source] ?? '?'}:${originLine + 1}:${originColumn + 1}`;
      return [{ ...at, origin: { place, name: names[name] ?? '?' } }];
    });
  });
}
