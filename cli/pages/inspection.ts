/** An inspection as one page that needs nothing else: no script, no request, printable. */
import { byDefault, NO_BASE } from '../text/story.ts';
import { mapText } from '../../bundles/source-map.ts';
import { scopeText } from '../text/inspection-facts.ts';
import type { ExceptionSummary, Inspection } from '../text/inspection-facts.ts';

/** Text of a bundle is somebody else's text. */
function escape(text: string | number): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return String(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

const style = `
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #d8dee4}
th{font-weight:600}code{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
.state{display:inline-block;margin:.6rem 0;padding:.2rem .7rem;border-radius:.3rem;font-weight:600}
.ok{background:#dafbe1;color:#0a5b23}.no{background:#ffebe9;color:#93111a}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}th,td{border-color:#30363d}
.ok{background:#12361f;color:#7ee2a0}.no{background:#4b1113;color:#ffb3ad}}`;

type Row = readonly (string | number)[];

function table(head: Row, rows: readonly Row[]): string {
  const cells = (tag: string, row: Row): string =>
    row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
  return `<table><thead><tr>${cells('th', head)}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

function exceptionsHtml(exceptions: readonly ExceptionSummary[] | undefined): string {
  if (!exceptions) return '<p>Not listed: the module does not run before it is verified.</p>';
  if (exceptions.length === 0) return '<p>None: every rule holds for everyone.</p>';
  const rows = exceptions.map((one): Row => {
    const { declared } = one;
    return [
      one.rule,
      one.entry,
      one.label,
      one.not_before ?? 'any time',
      one.expires,
      scopeText(one),
      declared ? `${declared.requested_by}, for ${declared.policy}` : '-',
      declared?.origin ?? '-',
    ];
  });
  return table(['Rule', 'Entry', 'Why', 'From', 'Until', 'Scope', 'Requested by', 'Origin'], rows);
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
    id,
    policy,
    severity,
    enforcement,
    description,
    origin,
  ]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escape(title)}</h1>
<p class="state ${refusal ? 'no' : 'ok'}">${refusal ? `Not verified: ${escape(refusal.message)}` : 'Verified by the trust root'}</p>
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
    ? table(['Rule', 'Policy', 'Severity', 'Enforcement', 'Description', 'Origin'], rules)
    : '<p>Not listed: the module does not run before it is verified.</p>'
}
<h2>Exceptions</h2>
${exceptionsHtml(content?.exceptions)}
</body>
</html>
`;
}
