import { keyOf } from './record.ts';
import type { BatchFormat } from './format.ts';
import { stepText } from './step-text.ts';

/** TAP 14: a plan is a test point, with its findings as YAML below it (in its JSON subset). */
export const tapReport: BatchFormat = {
  head: () => 'TAP version 14\n',
  item(record) {
    const { is_valid, status, violations } = record;
    const point = `${is_valid ? 'ok' : 'not ok'} - ${described(keyOf(record))}\n`;
    if (violations.length === 0) return point;
    const findings = violations.map((violation) => {
      const { severity, rule, message } = violation;
      return `    - ${JSON.stringify({ severity, rule, at: stepText(violation), message })}\n`;
    });
    return `${point}  ---\n  status: ${status}\n  findings:\n${findings.join('')}  ...\n`;
  },
  separator: '',
  tail({ plans, passedOver, interrupted }) {
    const skips = passedOver.map((name) => `ok - ${described(name)} # SKIP passed over\n`);
    const cut = interrupted ? 'Bail out! interrupted: these are not all plans\n' : '';
    return `${skips.join('')}1..${plans + passedOver.length}\n${cut}`;
  },
};

/** A description stays on its line and holds no directive. */
const described = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- these are the characters in question
  text.replace(/[\\#]/g, '\\$&').replace(/[\x00-\x1f\x7f\u2028\u2029]/g, ' ');
