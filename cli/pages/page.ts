/** The frame of every HTML report: one file, nothing fetched, readable in light and dark. */
import type { IdentityLine } from '../../decisions/identity.ts';
import { escapeMarkup } from '../../decisions/markup.ts';

const STYLE = `
:root{color-scheme:light dark;--fg:#1c2128;--bg:#fff;--soft:#59636e;--line:#d1d9e0;--card:#f6f8fa;
--critical:#b3123b;--high:#c4320a;--medium:#9a6700;--low:#0969da;--info:#59636e;--good:#1a7f37}
@media (prefers-color-scheme:dark){:root{--fg:#e6edf3;--bg:#0d1117;--soft:#9198a1;--line:#3d444d;--card:#151b23;
--critical:#ff7b9c;--high:#ff9b6a;--medium:#e3b341;--low:#79c0ff;--info:#9198a1;--good:#56d364}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
main{max-width:70rem;margin:0 auto;padding:1.5rem;display:flex;flex-direction:column}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:1.75rem 0 .5rem}
.soft{color:var(--soft)}code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
.tiles{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem 1rem;min-width:8rem}
.tile b{display:block;font-size:1.5rem;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);
vertical-align:top;overflow-wrap:anywhere}th{color:var(--soft);font-weight:600;white-space:nowrap}th.n{text-align:right}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.even{table-layout:fixed}
.bar{height:.7rem;margin-top:.35rem;border-radius:3px;background:currentColor;min-width:2px}
.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}
.info{color:var(--info)}.good{color:var(--good)}.first{order:-1}
details{border:1px solid var(--line);border-radius:8px;margin:.4rem 0;padding:.5rem .8rem;overflow-wrap:anywhere}
.about{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.5rem 0;color:var(--soft)}
.about dd{margin:0;overflow-wrap:anywhere;color:var(--fg)}
@media (max-width:640px){main{padding:.75rem}th,td{padding:.3rem .25rem}.stack,.stack tbody,.stack tr,.stack td{display:block;width:auto}
.stack tr,.chart tr{border-bottom:1px solid var(--line);padding:.4rem 0}.stack td,.chart td{border:0;padding:.1rem 0}
.stack th,.stack thead,.chart th{display:none}.stack td[data-label]:not(:empty)::before{content:attr(data-label);display:block;
color:var(--soft);font-size:.8rem}.chart,.chart tbody{display:block}.chart tr{display:flex;flex-wrap:wrap;gap:0 .75rem}
.chart td.n{margin-left:auto}.chart td:last-child{display:none}}
.state{margin:.6rem 0;padding:.2rem .7rem;border:1px solid currentColor;border-radius:6px;align-self:flex-start;font-weight:600}
@media print{:root{color-scheme:light;--fg:#000;--bg:#fff;--soft:#444;--line:#999;--card:#fff}main{max-width:none;padding:0}
tr,.tile{break-inside:avoid}h2{break-after:avoid}thead{display:table-header-group}td{font-size:9pt}.bar{print-color-adjust:exact}}
@page{margin:14mm}
summary{cursor:pointer}pre{overflow:auto;background:var(--card);padding:.75rem;border-radius:8px}`;

/** Everything up to the content. The policy lets the page load nothing, whatever a plan has put into it. */
export function pageHead(title: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head><body><main>
`;
}

/** What the page is about, as lines of a list. */
export const identity = (lines: readonly IdentityLine[]): string =>
  `<dl class="about">${lines
    .map(({ label, value }) => `<dt>${escapeMarkup(label)}</dt><dd>${escapeMarkup(value)}</dd>`)
    .join('')}</dl>\n`;

export const PAGE_TAIL = '</main></body></html>\n';

export const tile = (label: string, value: number | string, kind = ''): string =>
  `<div class="tile"><span class="soft">${escapeMarkup(label)}</span><b class="${kind}">${
    typeof value === 'number' ? value.toLocaleString('en-US') : escapeMarkup(value)
  }</b></div>`;

/** A row of a bar chart that is also a table: a reader without eyes or styles gets the numbers. */
export function barRow(cells: readonly string[], value: number, most: number, kind: string): string {
  const width = ((100 * value) / Math.max(most, 1)).toFixed(1);
  const bar = value > 0 ? `<div class="bar ${kind}" style="width:${width}%"></div>` : '';
  const before = cells.map((text) => `<td>${text}</td>`).join('');
  return `<tr>${before}<td class="n">${value.toLocaleString('en-US')}</td><td style="width:35%">${bar}</td></tr>\n`;
}
