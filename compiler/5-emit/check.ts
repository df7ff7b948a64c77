import type { ProgramEntry } from '../ir/program.ts';
import { empty, join, js, literal } from './code.ts';
import type { Code } from './code.ts';
import type { Scope } from './scope.ts';
import type { RuleTable } from './table.ts';

/**
 * The check of one entry: asks the rules that the runtime's walk found worth asking (see `guard.ts`), and those of
 * the plan as a whole. `rules` is the list of all rules as `asked` takes them. This is cold code: it runs for steps
 * that are likely to violate, so it is as small as can be instead of as fast.
 */
export function emitCheck(entry: ProgramEntry, table: RuleTable, scope: Scope): Code {
  const asked = scope.support('asked');
  const hit = scope.support('hit');
  const planRules = entry.rules.flatMap((rule) =>
    rule.scope === 'plan'
      ? [js`if(s.length>${literal(rule.condition.limit)})n=${hit}(o,n,${literal(table.indexOf(rule))},-1);`]
      : [],
  );
  const args = js`q.args===undefined?q.parameters:q.args`;
  return js`(p,x,w,o,c,m)=>{let n=0;const s=p.steps;${join(planRules, empty)}for(let j=0;j<m;j+=2){const r=c[j],i=c[j+1],q=s[i];if(${asked}(rules[r],${args},q.tool))n=${hit}(o,n,r,i)}return n}`;
}
