/** An inspection as one page that needs nothing else: no script, no request, printable. */
import { escapeMarkup as escape } from '../../decisions/markup.ts';
import { PAGE_TAIL, pageHead } from './page.ts';
import { byDefault, NO_BASE } from '../text/story.ts';
import { mapText } from '../../bundles/source-map.ts';
import { scopeText } from '../text/inspection-facts.ts';
import type { ExceptionSummary, Inspection } from '../text/inspection-facts.ts';

/** Lines of a cell; the text of a bundle is somebody else's text. */
type Cell = string | number | readonly (string | number)[];
type Row = readonly Cell[];

function cellText(cell: Cell): string {
  const lines = typeof cell === 'object' ? cell : [cell];
  return lines.map((line) => escape(String(line))).join('<br>');
}

/** On a narrow page each row is a block, and each cell says what it is. */
function table(head: readonly string[], rows: readonly Row[]): string {
  const titles = head.map((title) => `<th>${escape(title)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, i) => `<td data-label="${escape(head[i] ?? '')}">${cellText(cell)}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  // Columns of equal width: what is long in one leaves room for the others.
  const kind = head.length > 3 ? 'stack even' : 'stack';
  return `<table class="${kind}"><thead><tr>${titles}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

function exceptionsHtml(exceptions: readonly ExceptionSummary[] | undefined): string {
  if (!exceptions) return '<p>Not listed: the module does not run before it is verified.</p>';
  if (exceptions.length === 0) return '<p>None: every rule holds for everyone.</p>';
  const rows = exceptions.map((one): Row => {
    const { declared } = one;
    return [
      [one.rule, `in ${one.entry}`],
      one.label,
      [`from ${one.not_before ?? 'any time'}`, `until ${one.expires}`],
      scopeText(one),
      declared ? [`${declared.requested_by}, for ${declared.policy}`, declared.origin] : '-',
    ];
  });
  return table(['Rule', 'Why', 'When', 'Scope', 'Requested by'], rows);
}

export function inspectionHtml(found: Inspection): string {
  const { predicate, chains, bytes, refusal, content } = found;
  const title = `${predicate.name} ${predicate.version}`;
  const facts: readonly Row[] = [
    ['Sequence', predicate.sequence],
    ['Digest', `sha256:${found.digest}`],
    ['Closure of sources', `sha256:${found.closure}`],
    ['Valid', `from ${predicate.not_before ?? 'any time'} until ${predicate.expires ?? 'withdrawn'}`],
    ['Source map', mapText(found.source_map)],
    ['Environments', predicate.audience.join(', ') || 'any'],
    ['Size', `${bytes.module} bytes, ${bytes.gzip} gzip; signatures ${bytes.sidecars.join(' + ')} bytes`],
    [
      'Compiler',
      `${predicate.compiler}; format ${predicate.format}; runtime ${predicate.minimum_runtime} or later`,
    ],
  ];
  const signatures = found.claimed.map((id): Row => {
    const signer = found.signers.find((key) => key.id === id);
    return [id, signer ? signer.label || '-' : 'unproven claim', signer?.algorithm ?? '-'];
  });
  const sources = [
    ...predicate.sources.map((source): Row => [source.name, source.sha256]),
    ...(predicate.catalog ? [[`tool catalog ${predicate.catalog.name}`, predicate.catalog.sha256]] : []),
    ...(predicate.tests ? [[`test report ${predicate.tests.name}`, predicate.tests.sha256]] : []),
  ];
  const rules = content?.rules.map(({ id, policy, severity, enforcement, description, origin }): Row => [
    [id, `of ${policy}`],
    [severity, enforcement],
    description,
    origin,
  ]);
  return `${pageHead(title)}<h1>${escape(title)}</h1>
<p class="state ${refusal ? 'critical' : 'good'}">${refusal ? `Not verified: ${escape(refusal.message)}` : 'Verified by the trust root'}</p>
${table(['Bundle', ''], facts)}
<h2>Signatures</h2>
${table(['Key id', 'Holder', 'Algorithm'], signatures)}
<h2>Entries</h2>
${
  content
    ? table(
        ['Entry', 'Risk', 'Denies from'],
        content.entries.map((entry) => [entry.name, entry.aggregate, entry.threshold]),
      )
    : table(
        ['Entry'],
        predicate.entries.map((entry) => [entry]),
      )
}
<p>By default: ${escape(byDefault(predicate))}.</p>
<h2>What each entry is made of</h2>
${table(
  ['Entry', 'File', 'sha256'],
  chains.flatMap(({ entry, files }) => files.map(({ name, sha256 }) => [entry, name, sha256])),
)}
<h2>Base of every entry</h2>
${
  predicate.require_base.length > 0
    ? table(
        ['File', 'sha256'],
        predicate.require_base.map(({ name, sha256 }) => [name, sha256]),
      )
    : `<p>${NO_BASE}</p>`
}
<h2>Sources</h2>
${table(['Source', 'sha256'], sources)}
<h2>Rules</h2>
${
  rules
    ? table(['Rule', 'Severity', 'Description', 'Origin'], rules)
    : '<p>Not listed: the module does not run before it is verified.</p>'
}
<h2>Exceptions</h2>
${exceptionsHtml(content?.exceptions)}
${PAGE_TAIL}`;
}
