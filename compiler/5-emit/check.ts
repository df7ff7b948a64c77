import type { ProgramEntry } from '../ir/program.ts';
import { empty, join, js, literal } from './code.ts';
import type { Code } from './code.ts';
import { emitCelTest } from './condition.ts';
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
  const planRules = entry.rules.flatMap((rule) => {
    if (rule.scope !== 'plan') return [];
    const fires = js`n=${hit}(o,n,${literal(table.indexOf(rule))},-1)`;
    const { condition } = rule;
    return condition.kind === 'cel'
      ? [js`${emitCelTest(condition, scope)}!==false&&(${fires});`]
      : [js`if(s.length>${literal(condition.limit)})${fires};`];
  });
  const args = js`q.args===undefined?q.parameters:q.args`;
  const plan = scope.asksSubject ? js`P=p;X=x;W=w;` : empty;
  const step = scope.asksSubject ? js`S=q;` : empty;
  return js`(p,x,w,o,c,m)=>{let n=0;const s=p.steps;${plan}${join(planRules, empty)}for(let j=0;j<m;j+=2){const r=c[j],i=c[j+1],q=s[i];${step}if(${asked}(rules[r],${args},q.tool))n=${hit}(o,n,r,i)}return n}`;
}
