import type { ProgramEntry } from '../ir/program.ts';
import { empty, join, js, literal } from './code.ts';
import type { Code } from './code.ts';
import { emitCelTest } from './condition.ts';
import { isWholePlan } from './plan-rules/index.ts';
import type { Scope } from './scope.ts';
import type { RuleTable } from './table.ts';

/**
 * The check of one entry: asks the rules that the runtime's walk found worth asking (see `guard.ts`), and those of
 * the plan as a whole. `rule` gives a rule as `asked` takes it. This is cold code: it runs for steps
 * that are likely to violate, so it is as small as can be instead of as fast.
 */
export function emitCheck(entry: ProgramEntry, table: RuleTable, scope: Scope): Code {
  const asked = scope.support('asked');
  const hit = scope.support('hit');
  const planRules = entry.rules.flatMap((rule) => {
    if (rule.scope !== 'plan') return [];
    const index = literal(table.indexOf(rule));
    const { condition } = rule;
    if (isWholePlan(condition)) return [js`n=rule(${index}).c(f,o,n,${index});`];
    const fires = js`n=${hit}(o,n,${index},-1)`;
    return condition.kind === 'cel'
      ? [js`${emitCelTest(condition, scope)}!==false&&(${fires});`]
      : [js`if(s.length>${literal(condition.limit)})${fires};`];
  });
  const looksAtAll = entry.rules.some(({ condition }) => isWholePlan(condition));
  const facts = looksAtAll ? js`const f=${scope.support('facts')}(p,x);` : empty;
  const ofPlan = planRules.length > 0 ? js`if(!e){${facts}${join(planRules, empty)}}` : empty;
  const args = js`q.args===undefined?q.parameters:q.args`;
  const plan = scope.asksSubject ? js`P=p;X=x;W=w;` : empty;
  const step = scope.asksSubject ? js`S=q;` : empty;
  return js`(p,x,w,o,c,m,e)=>{let n=0;const s=p.steps;${plan}${ofPlan}for(let j=0;j<m;j+=2){const r=c[j],i=c[j+1],q=s[i];${step}if(${asked}(rule(r),${args},q.tool))n=${hit}(o,n,r,i)}return n}`;
}
