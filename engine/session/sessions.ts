/** The sessions of some entries: what they share, made once. */
import { openGuard } from '../guard/open-guard.ts';
import { within } from '../guard/ranges.ts';
import type { Entry, Guard, Tables } from '../module/tables.ts';
import { ASKED, CONDITION, NEEDS_PLAN, OBLIGATION, OF_RESULT } from './rows.ts';
import type { ConditionRow, OnlineRow, ResultRow, RuleRow } from './rows.ts';
import type { LookAt } from './results.ts';
import { idOf, openSession } from './session.ts';
import type { Head, Setup } from './session.ts';
import { templateOf } from './template.ts';
import type { PlanLimits, SessionModule } from '@plan-lint/runtime/contract';

const NO_HEAD: Head = {};
const NO_ARGS: readonly string[] = [];

/** The rules about plans as a whole and about results, of all entries. */
export interface SessionRules {
  readonly rows: readonly RuleRow[];
  readonly keepsTrace: boolean;
  readonly look?: LookAt | null;
}

/**
 * @param joined - the guards of the entries as one
 */
export function sessions(
  tables: Tables,
  entries: readonly Entry[],
  joined: Guard,
  limits: Partial<PlanLimits>,
  { rows, keepsTrace, look = null }: SessionRules,
): SessionModule {
  const own = rows.filter(([index]) => entries.some(({ rules }) => within(rules, index)));
  const ruleId = (index: number): string => idOf(tables, index);
  const setup: Setup = {
    tables,
    entries,
    guard: openGuard(joined, tables.readings, tables.templates),
    limits,
    online: own.filter((row): row is OnlineRow => row[1] === ASKED),
    conditions: own.filter((row): row is ConditionRow => row[1] === CONDITION || row[1] === OBLIGATION),
    ofResults: own.filter((row): row is ResultRow => row[1] === OF_RESULT),
    look,
    keepsTrace,
  };
  return {
    skipped: own.filter(([, kind]) => kind === NEEDS_PLAN).map(([index]) => ruleId(index)),
    ruleId,
    indexesOf(rule, policy) {
      const at: number[] = [];
      tables.rules.forEach((row, index) => {
        if (row[0] === rule && tables.policies[row[1]] === policy) at.push(index);
      });
      return at;
    },
    template: templateOf,
    literalArgs: (tool) => tables.templates.get(tool) ?? NO_ARGS,
    open: (context, saved, head = NO_HEAD) => openSession(setup, context, saved, head),
  };
}
