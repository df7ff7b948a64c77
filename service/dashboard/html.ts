/** The frame of the dashboard: pages that load a stylesheet and nothing else, and run nothing. */
import { escapeMarkup } from 'plan-lint/decisions';
import type { Bar } from './queries.ts';

/** Of every page. What a plan has put into a text is shown, and does nothing. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

export const text = (value: string | number): string => escapeMarkup(String(value));

export const page = (title: string, content: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(title)}</title><link rel="stylesheet" href="/dashboard/style.css"></head>
<body><main>${content}</main></body></html>
`;

/** A table whose cells say their heads where the screen is narrow. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  if (rows.length === 0) return '<p class="soft">none</p>';
  const head = heads.map((each) => `<th scope="col">${text(each)}</th>`).join('');
  const body = rows.map(
    (cells) =>
      `<tr>${cells
        .map((cell, i) => {
          const kind = typeof cell === 'number' ? ' class="n"' : '';
          return `<td data-label="${text(heads[i] ?? '')}"${kind}>${text(typeof cell === 'number' ? cell.toLocaleString('en-US') : cell)}</td>`;
        })
        .join('')}</tr>`,
  );
  return `<table class="stack"><caption>${text(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
}

export const tile = (label: string, value: string, kind = ''): string =>
  `<div class="tile"><span class="soft">${text(label)}</span><b class="${kind}">${text(value)}</b></div>`;

const HEIGHT = 100;
const WIDTH = 720;

/** Bars of decisions, the refused ones below; whoever sees no picture has the table. */
export function barsChart(bars: readonly Bar[]): string {
  const most = Math.max(1, ...bars.map(({ decisions }) => decisions));
  const step = WIDTH / Math.max(1, bars.length);
  const height = (count: number): number => (count / most) * HEIGHT;
  const rect = (kind: string, i: number, count: number): string =>
    `<rect class="${kind}" x="${(i * step).toFixed(1)}" y="${(HEIGHT - height(count)).toFixed(1)}" width="${Math.max(1, step - 1).toFixed(1)}" height="${height(count).toFixed(1)}"/>`;
  const marks = bars.map(
    ({ at, decisions, refused }, i) =>
      `<g><title>${text(at)}: ${decisions}, ${refused} refused</title>${rect('all', i, decisions)}${rect('refused', i, refused)}</g>`,
  );
  return `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="Decisions over time; the table below has the numbers">${marks.join('')}</svg>`;
}

export const STYLE = `:root{color-scheme:light dark;--fg:#1c2128;--bg:#fff;--soft:#59636e;--line:#d1d9e0;--card:#f6f8fa;--bad:#b3123b;--warn:#9a6700;--good:#1a7f37;--bar:#0969da}
@media (prefers-color-scheme:dark){:root{--fg:#e6edf3;--bg:#0d1117;--soft:#9198a1;--line:#3d444d;--card:#151b23;--bad:#ff7b9c;--warn:#e3b341;--good:#56d364;--bar:#79c0ff}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.5rem}h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:1.75rem 0 .5rem}
a{color:var(--bar)}a:focus-visible,button:focus-visible,input:focus-visible,summary:focus-visible{outline:2px solid var(--bar);outline-offset:2px}
nav a{margin-right:1rem}nav a[aria-current]{font-weight:600;color:var(--fg);text-decoration:none}
.soft,caption{color:var(--soft)}caption{text-align:left;font-size:.9rem}
.tiles{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0}.tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem 1rem;min-width:8rem}
.tile b{display:block;font-size:1.5rem;font-variant-numeric:tabular-nums}.bad{color:var(--bad)}.warn{color:var(--warn)}.good{color:var(--good)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
th{color:var(--soft);font-weight:600;white-space:nowrap}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.chart{width:100%;height:8rem;border-bottom:1px solid var(--line)}.all{fill:var(--bar)}.refused{fill:var(--bad)}
summary{cursor:pointer}.problem{border:1px solid var(--bad);color:var(--bad);border-radius:8px;padding:.5rem 1rem}
form{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end;margin-top:1rem}label{display:grid;gap:.25rem;flex:1 1 16rem}
input,button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:6px;padding:.4rem .7rem;max-width:100%}
@media (max-width:640px){main{padding:.75rem}.stack,.stack tbody,.stack tr,.stack td,.stack caption{display:block;width:auto}.stack thead{display:none}
.stack tr{border-bottom:1px solid var(--line);padding:.4rem 0}.stack td,.stack td.n{border:0;padding:.1rem 0;text-align:left;white-space:normal}
.stack td[data-label]:not(:empty)::before{content:attr(data-label);display:block;color:var(--soft);font-size:.8rem}}
`;
