/** SQL injection and statements that destroy. */
import type { Row } from './row.ts';

export const SQL: readonly Row[] = [
  ['drop table, tautology, comment', 'literals', "'; DROP TABLE|1=1|--", "x'; DROP TABLE users", '1=2'],
  [
    'stacked statements',
    'dfa',
    String.raw`(?i);\s*(?:drop|delete|truncate|alter|insert|update)\s`,
    'select 1;  DROP table x',
    'drop table x',
  ],
  [
    'destructive statement',
    'native',
    String.raw`(?i)\b(?:drop|truncate|delete|alter|grant|revoke)\b`,
    'Delete from x',
    'dropped',
  ],
  [
    'delete without where',
    'dfa',
    String.raw`(?i)^\s*delete\s+from\s+[\w.]+\s*;?\s*$`,
    'DELETE FROM users;',
    'DELETE FROM users WHERE id=1',
  ],
  [
    'update without where',
    'native',
    String.raw`(?is)^(?!.*\bwhere\b).*\bupdate\b`,
    'update t set x=1',
    'update t set x=1 where y=2',
  ],
  [
    'union select',
    'dfa',
    String.raw`(?i)union(?:\s+all)?\s+select`,
    'x UNION  ALL SELECT y',
    'union of selects',
  ],
  ['tautology', 'dfa', String.raw`(?i)\bor\b\s+['"]?\d+['"]?\s*=\s*['"]?\d+`, "' OR '1'='1", "or a = 'b'"],
  ['sql comment', 'dfa', String.raw`(?:--|#)[^\n]*$|\/\*[\s\S]*?\*\/`, 'select 1 -- x', 'select 1'],
  [
    'time-based probe',
    'dfa',
    String.raw`(?i)(?:sleep|benchmark|waitfor\s+delay|pg_sleep)\s*\(`,
    'AND SLEEP (5)',
    'sleepy',
  ],
  ['select star', 'dfa', String.raw`(?i)select\s+\*\s+from`, 'SELECT * FROM t', 'SELECT a FROM t'],
  [
    'information schema',
    'native',
    'information_schema|sys.tables|pg_catalog',
    'from information_schema.tables',
    'from t',
  ],
];
