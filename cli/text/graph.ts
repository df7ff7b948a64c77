/** An inheritance tree as Mermaid text and as SVG: parents above, entries with a thick border. */
import type { PolicyFile } from '../../compiler/inspect.ts';

export function mermaid(files: readonly PolicyFile[], entries: ReadonlySet<string>): string {
  const id = new Map(files.map(({ path }, i) => [path, `p${i}`]));
  // A quote would end the label; Mermaid has entity codes for that.
  const label = ({ name, path }: PolicyFile): string => `${name}<br/>${path}`.replaceAll('"', '#quot;');
  const lines = [
    'graph TD',
    ...files.map((file) => {
      const [open, close] = entries.has(file.path) ? ['[[', ']]'] : ['[', ']'];
      return `  ${id.get(file.path) ?? ''}${open}"${label(file)}"${close}`;
    }),
    ...files.flatMap(({ path, parents }) =>
      parents.map((parent) => `  ${id.get(parent) ?? ''} --> ${id.get(path) ?? ''}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The tree for programs. */
export function graphJson(files: readonly PolicyFile[], entries: ReadonlySet<string>): string {
  const policies = files.map((file) => ({ ...file, is_entry: entries.has(file.path) }));
  return `${JSON.stringify({ policies }, null, 2)}\n`;
}

const BOX = { width: 190, height: 44, across: 24, down: 56, margin: 16 };

/** Every file stands one row below the lowest of its parents. */
export function svg(files: readonly PolicyFile[], entries: ReadonlySet<string>): string {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const rowOf = (path: string): number =>
    1 + Math.max(-1, ...(byPath.get(path)?.parents ?? []).map((parent) => rowOf(parent)));
  const rows: PolicyFile[][] = [];
  for (const file of files) (rows[rowOf(file.path)] ??= []).push(file);
  const place = new Map(
    rows.flatMap((row, y) =>
      row.map(({ path }, x) => [
        path,
        { x: BOX.margin + x * (BOX.width + BOX.across), y: BOX.margin + y * (BOX.height + BOX.down) },
      ]),
    ),
  );
  const width = 2 * BOX.margin + Math.max(1, ...rows.map((row) => row.length)) * (BOX.width + BOX.across);
  const height = 2 * BOX.margin + rows.length * (BOX.height + BOX.down);
  const half = BOX.width / 2;
  const edges = files.flatMap(({ path, parents }) =>
    parents.map((parent) => {
      const [from, to] = [place.get(parent) ?? { x: 0, y: 0 }, place.get(path) ?? { x: 0, y: 0 }];
      return `<line x1="${from.x + half}" y1="${from.y + BOX.height}" x2="${to.x + half}" y2="${to.y}" marker-end="url(#a)"/>`;
    }),
  );
  const boxes = files.map((file) => {
    const { x, y } = place.get(file.path) ?? { x: 0, y: 0 };
    const border = entries.has(file.path) ? 2.5 : 1;
    return [
      `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" stroke-width="${border}"/>`,
      `<text x="${x + half}" y="${y + 19}" font-weight="bold">${fitted(file.name)}</text>`,
      `<text x="${x + half}" y="${y + 34}" font-size="11">${fitted(file.path)}</text>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>',
    `<g stroke="#555">${edges.join('')}</g>`,
    `<g fill="#f4f6f8" stroke="#333">${boxes.map((box) => box.replace(/<text/g, '<text fill="#111" stroke="none" text-anchor="middle"')).join('')}</g>`,
    '</svg>',
    '',
  ].join('\n');
}

const LONGEST = 26;

function fitted(text: string): string {
  const short = text.length > LONGEST ? `…${text.slice(1 - LONGEST)}` : text;
  return short.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
