import { SEVERITIES } from '@plan-lint/runtime/contract';
import { keyOf } from '../../decisions/record.ts';
import { passedOverText, ranked } from '../../decisions/summary.ts';
import { stepText } from '../../decisions/step-text.ts';
import type { Summary } from '../../decisions/summary.ts';
import type { BatchFormat, RunFacts } from '../../decisions/format.ts';
import { identityLines } from '../../decisions/identity.ts';
import { barRow, identity, PAGE_TAIL, pageHead, tile } from './page.ts';
import { escapeMarkup as text } from '../../decisions/markup.ts';

/** Numbers and charts first, then plans with findings up to a limit: a page of a million plans is no page. */
export const htmlReport: BatchFormat = {
  head: () => `${pageHead('Plan validation')}<h2>Plans with findings</h2>
<p class="soft">In the order of their files; a long list is cut, the JSON report has all.</p>\n`,
  item(record) {
    const { violations, status, plan_id, risk_score } = record;
    if (violations.length === 0) return '';
    const worst = SEVERITIES[Math.max(...violations.map(({ severity }) => SEVERITIES.indexOf(severity)))];
    const rows = violations.map(
      ({ severity, rule, message, origin, ...step }) =>
        `<tr><td class="${severity}">${severity}</td><td><code>${text(rule)}</code>${
          origin ? `<br><span class="soft">${text(`${origin.file}:${origin.line}`)}</span>` : ''
        }</td><td>${text(stepText(step))}</td><td>${text(message)}</td></tr>`,
    );
    return (
      `<details><summary><b class="${worst ?? ''}">${status}</b> <code>${text(keyOf(record))}</code> ` +
      `<span class="soft">${text(plan_id ?? '')} · risk ${risk_score} · ${violations.length}</span></summary>` +
      `<table class="stack"><tr><th>Severity</th><th>Rule</th><th>Step</th><th>Finding</th></tr>${rows.join('')}</table></details>\n`
    );
  },
  separator: '',
  tail: (summary, { about }) => `${overview(summary, about)}${PAGE_TAIL}`,
  limit: 2_000_000,
};

function overview(summary: Summary, about: RunFacts): string {
  const { plans, valid, statuses, known, interrupted, severities } = summary;
  const rules = ranked(summary);
  const passed = passedOverText(summary);
  const mostRules = Math.max(0, ...rules.map(({ count }) => count));
  const mostSeverities = Math.max(...Object.values(severities));
  return [
    '<section class="first"><h1>Plan validation</h1>',
    identity(identityLines(summary, about)),
    interrupted ? '<p class="critical">Interrupted: these are not all plans.</p>' : '',
    passed === '' ? '' : `<p class="medium">${text(passed)}</p>`,
    '<div class="tiles">',
    tile('plans', plans),
    tile('valid', valid, 'good'),
    tile('need approval', statuses.approval, 'medium'),
    tile('denied', statuses.deny, 'critical'),
    known > 0 ? tile('known findings', known) : '',
    '</div><h2>Findings by severity</h2><table class="chart"><tr><th>Severity</th><th class="n">Findings</th><th></th></tr>\n',
    ...[...SEVERITIES].reverse().map((each) => barRow([each], severities[each], mostSeverities, each)),
    '</table><h2>Findings by rule</h2><table class="chart"><tr><th>Rule</th><th>Policy</th><th>Severity</th><th class="n">Findings</th><th></th></tr>\n',
    ...rules.map(({ rule, policy, severity, count }) =>
      barRow([`<code>${text(rule)}</code>`, text(policy), severity], count, mostRules, severity),
    ),
    '</table></section>\n',
  ].join('');
}
