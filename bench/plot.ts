/** Cost against number of rules as SVG, both axes logarithmic. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [rules: number, micros: number])[];
  /** Drawn stronger than the others. */
  readonly ours?: boolean;
}

const WIDTH = 860;
const HEIGHT = 480;
const LEFT = 70;
const RIGHT = 210;
const TOP = 30;
const BOTTOM = 50;
const COLOURS = [
  '#555',
  '#888',
  '#bbb',
  '#c44',
  '#c84',
  '#a6a',
  '#48c',
  '#4a8',
  '#886',
  '#a55',
  '#669',
  '#2a9',
  '#b7a',
  '#973',
];

export function plot(lines: readonly Line[]): string {
  const all = lines.flatMap(({ points }) => points);
  const xs = all.map(([x]) => Math.log10(x));
  const ys = all.map(([, y]) => Math.log10(y));
  const [x0, x1] = [Math.min(...xs), Math.max(...xs)];
  const [y0, y1] = [Math.floor(Math.min(...ys)), Math.ceil(Math.max(...ys))];
  const x = (rules: number): number => LEFT + ((Math.log10(rules) - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT);
  const y = (micros: number): number =>
    HEIGHT - BOTTOM - ((Math.log10(micros) - y0) / (y1 - y0)) * (HEIGHT - TOP - BOTTOM);
  const text = (at: readonly [number, number], words: string, more = ''): string =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${words.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</text>`;
  const grid = Array.from({ length: y1 - y0 + 1 }, (_, i) => {
    const micros = 10 ** (y0 + i);
    const label = micros < 1000 ? `${micros} µs` : `${micros / 1000} ms`;
    const line = `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(micros).toFixed(1)}" y2="${y(micros).toFixed(1)}" stroke="#ddd"/>`;
    return line + text([LEFT - 8, y(micros) + 4], label, 'text-anchor="end"');
  });
  const ticks = [...new Set(all.map(([rules]) => rules))].map((rules) =>
    text([x(rules), HEIGHT - BOTTOM + 18], rules.toLocaleString('en'), 'text-anchor="middle"'),
  );
  // Labels stand at the end of their line, moved apart where they would overlap.
  const ends = lines
    .map((line, i) => ({ line, i, end: line.points.at(-1) ?? [1, 1] }))
    .sort((a, b) => y(a.end[1]) - y(b.end[1]));
  let last = -Infinity;
  const curves = ends.map(({ line, i, end }) => {
    const colour = line.ours ? '#0a0' : (COLOURS[i % COLOURS.length] ?? '#555');
    const path = line.points.map((point) => `${x(point[0]).toFixed(1)},${y(point[1]).toFixed(1)}`).join(' ');
    last = Math.max(last + 14, y(end[1]) + 4);
    const stroke = line.ours ? 3 : 1.5;
    return (
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${stroke}"/>` +
      text([x(end[0]) + 8, last], line.name, `fill="${colour}"${line.ours ? ' font-weight="bold"' : ''}`)
    );
  });
  const title = text(
    [LEFT, 18],
    'Time to decide a plan of 50 steps against number of rules',
    'font-weight="bold"',
  );
  const axis = text([(LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10], 'rules', 'text-anchor="middle"');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>${title}${axis}${[...grid, ...ticks, ...curves].join('\n')}</svg>\n`;
}
