/** Texts of an organisation of its own. */
import type { Row } from './row.ts';

export const BUSINESS: readonly Row[] = [
  ['ticket number', 'native', '^(?:JIRA|OPS|SEC)-[1-9][0-9]{0,6}$', 'OPS-1234', 'OPS-01'],
  ['only letters and digits', 'native', '^[A-Za-z0-9]+$', 'abc123', 'abc 123'],
  [
    'strong password',
    'native',
    String.raw`^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w\s]).{12,}$`,
    'Tr0ub4dor&3xyz',
    'troubadour',
  ],
  ['production resource', 'native', '(?i)(?:^|[-_./])prod(?:uction)?(?:$|[-_./])', 'db-prod-1', 'product'],
  [
    'amount in words',
    'dfa',
    String.raw`(?i)\b\d{1,3}(?:,\d{3})*(?:\.\d+)?\s*(?:usd|eur|gbp)\b`,
    'pay 1,000,000.00 USD',
    '1000 yen',
  ],
  [
    'python names',
    'native',
    String.raw`(?P<year>20\d\d)\-(?P<month>0[1-9]|1[0-2])`,
    'on 2026-05-01',
    '1999-05',
  ],
];
