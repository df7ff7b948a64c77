import type { OptimizedLayer } from '../ir/optimized.ts';
import type {
  CelTest,
  MoreStepsThan,
  PlanRule,
  ProgramRule,
  StepRule,
  WholePlanTest,
} from '../ir/program.ts';
import { comma, empty, join, js, literal, marked, name } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import { emitCelTest } from './condition.ts';
import { emitGlobs } from './globs.ts';
import { isWholePlan } from './plan-rules/index.ts';
import type { Scope } from './scope.ts';
import type { RuleTable } from './table.ts';

/**
 * The check of one entry: asks the rules that the walk over the plan found worth asking (see `guard.ts`), and those of
 * the plan as a whole where that has been walked to its end. `rule` gives a rule as `asked` takes it. This is cold code: it runs for steps
 * that are likely to violate, so it is as small as can be instead of as fast.
 */
export function emitCheck(layer: OptimizedLayer, table: RuleTable, scope: Scope): Code {
  const plan = planRulesOf(layer);
  const rules = plan.map((rule) => {
    const at = table.indexOf(rule);
    const index = literal(at);
    const { condition } = rule;
    const hit = js`n=${scope.support('hit')}(o,n,${index},-1)`;
    const asks = isWholePlan(condition)
      ? js`n=rule(${index}).c(f,o,n,${index},z${emitEnds(condition, layer, scope)})`
      : js`if(${emitPlanTest(condition, scope, name('y'))})${hit}`;
    return marked(blamed(asks, hit), at);
  });
  const looksAtAll = plan.some(({ condition }) => isWholePlan(condition));
  const facts = looksAtAll ? js`const f=${scope.support('facts')}(p,x,d);` : empty;
  const ofPlan = plan.length > 0 ? js`if(!e){${facts}${join(rules, empty)}}` : empty;
  return js`(p,x,w,o,c,m,e,d,z)=>{${emitBody(ofPlan, scope)}}`;
}

/**
 * The same for modules of many entries: a function that makes the check out of the entry's rules about the plan, pairs
 * (rule, test of its steps); a rule about the whole plan has no test, it asks itself.
 */
export function emitCheckMaker(table: RuleTable, scope: Scope): Code {
  const hit = js`n=${scope.support('hit')}(o,n,r,-1)`;
  const looksAtAll = table.rules.some(({ condition }) => isWholePlan(condition));
  const rules = looksAtAll
    ? js`const f=b?${scope.support('facts')}(p,x,d):0;for(const[r,t,u]of a)${blamed(js`if(!t)n=rule(r).c(f,o,n,r,z,u);else if(t(s,y))${hit}`, hit)}`
    : js`for(const[r,t]of a)${blamed(js`if(t(s,y))${hit}`, hit)}`;
  const made = js`(p,x,w,o,c,m,e,d,z)=>{${emitBody(js`if(!e){${rules}}`, scope)}}`;
  return looksAtAll ? js`a=>{const b=a.some(q=>!q[1]);return ${made}}` : js`a=>${made}`;
}

/** What such a function is called with. */
export function emitPlanRules(layer: OptimizedLayer, table: RuleTable, scope: Scope): Code {
  const pairs = planRulesOf(layer).map((rule) => {
    const at = table.indexOf(rule);
    const index = literal(at);
    const { condition } = rule;
    if (isWholePlan(condition)) return marked(js`[${index}${emitEnds(condition, layer, scope, js`,0`)}]`, at);
    return marked(js`[${index},${scope.constant('q', js`(s,q)=>${emitPlanTest(condition, scope)}`)}]`, at);
  });
  return js`[${join(pairs, comma)}]`;
}

/** What bounds the amounts of a `max_total` in this entry, as a further argument: a function of the tool. */
function emitEnds(condition: WholePlanTest, layer: OptimizedLayer, scope: Scope, before: Code = empty): Code {
  if (condition.kind !== 'max_total') return empty;
  const ends = boundsOf(layer).flatMap(({ tools, bound }) => {
    const { path = [], max = null } = bound ?? {};
    const isThis = path.length === condition.arg.length && condition.arg.every((part, i) => part === path[i]);
    return isThis && tools && max !== null ? [js`${emitGlobs(tools, scope)}?${literal(max)}:1/0`] : [];
  });
  if (ends.length === 0) return empty;
  const least = js`${name('k')}=>${scope.support('least')}([${join(ends, comma)}])`;
  return js`${before},${scope.constant('e', least)}`;
}

const bounds = new WeakMap<OptimizedLayer, readonly StepRule[]>();

/** Worked out once a layer, as the rules about the plan are. */
function boundsOf(layer: OptimizedLayer): readonly StepRule[] {
  const known = bounds.get(layer);
  if (known) return known;
  const isBound = (rule: ProgramRule): rule is StepRule => rule.scope === 'step' && rule.bound !== undefined;
  const inherited = layer.base ? boundsOf(layer.base).filter((rule) => !layer.dropped.has(rule)) : [];
  const found = [...inherited, ...layer.added.filter(isBound)];
  bounds.set(layer, found);
  return found;
}

function emitBody(planRules: Code, scope: Scope): Code {
  const [asked, hit] = [scope.support('asked'), scope.support('hit')];
  const plan = scope.asksSubject ? js`P=p;X=x;W=w;` : empty;
  const step = scope.asksSubject ? js`S=q;` : empty;
  const args = js`q.args===void 0?q.parameters:q.args`;
  return js`let n=0;const s=p.steps,y=z===1;${plan}${planRules}for(let j=0;j<m;j+=2){const r=c[j],i=c[j+1],q=s[i];${step}if(${asked}(rule(r),${args},q.tool,y))n=${hit}(o,n,r,i)}return n`;
}

/** An error inside a rule is a violation of that rule, and of no other. */
const blamed = (asks: Code, hit: Code): Code => js`try{${asks}}catch{${hit}}`;

/** Whether the rule fires, as an expression over the plan's steps `s` and `q`: what is not known does not fire. */
function emitPlanTest(condition: CelTest | MoreStepsThan, scope: Scope, quiet = name('q')): Code {
  return condition.kind === 'cel'
    ? js`${scope.support('decides')}(${emitCelTest(condition, scope)},${quiet})`
    : js`${name('s')}.length>${literal(condition.limit)}`;
}

const memo = new WeakMap<OptimizedLayer, readonly PlanRule[]>();

/** Worked out once a layer: there are few of them, and rules in their thousands below. */
function planRulesOf(layer: OptimizedLayer): readonly PlanRule[] {
  const known = memo.get(layer);
  if (known) return known;
  const own = layer.added.filter((rule) => rule.scope === 'plan');
  const inherited = layer.base ? planRulesOf(layer.base).filter((rule) => !layer.dropped.has(rule)) : [];
  const rules = [...inherited, ...own];
  memo.set(layer, rules);
  return rules;
}
