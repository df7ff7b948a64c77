import { globMatches } from '../glob/covers.ts';
import type { ProgramEntry, ProgramRule, StepRule } from '../ir/program.ts';
import { empty, join, js, comma, lines, literal } from './code.ts';
import type { Code } from './code.ts';
import { emitCelTest } from './condition.ts';
import type { Scope } from './scope.ts';
import type { RuleTable } from './table.ts';
import { emitCondition, emitGlobs } from './test.ts';

/**
 * The check of one entry. Cost follows what a step does: rules of a tool named anywhere stand in one small
 * function reached by a `Map` (a function above about 50 KB of bytecode stays unoptimised, a `Map` look-up costs
 * the same at any size); rules for every tool stand in another; globs are asked only for tools not named.
 */
export function emitCheck(entry: ProgramEntry, table: RuleTable, scope: Scope): Code {
  const stepRules = entry.rules.filter((rule): rule is StepRule => rule.scope === 'step');
  const everyTool = stepRules.filter((rule) => rule.tools === null || rule.tools.includes('*'));
  const ofTool = stepRules.filter((rule) => !everyTool.includes(rule));

  const named = new Set(ofTool.flatMap((rule) => (rule.tools ?? []).filter((tool) => !tool.includes('*'))));
  const cases = [...named].sort().map((tool) => {
    const rules = ofTool.filter((rule) => rule.tools?.some((glob) => globMatches(glob, tool)));
    return js`[${literal(tool)},${stepFunction(rules, table, scope, () => empty)}]`;
  });
  const withGlobs = ofTool.filter((rule) => rule.tools?.some((tool) => tool.includes('*')));
  const otherwise = stepFunction(withGlobs, table, scope, (rule) => {
    const globs = (rule.tools ?? []).filter((tool) => tool.includes('*'));
    return js`${emitGlobs(globs, scope)}&&`;
  });
  const always = stepFunction(everyTool, table, scope, () => empty);
  const dispatch = scope.constant('d', js`new Map([${join(cases, comma)}])`);
  const hit = scope.support('hit');
  const planRules = entry.rules.flatMap((rule) => {
    if (rule.scope !== 'plan') return [];
    const fires = js`n=${hit}(o,n,${index(rule, table)},-1)`;
    const { condition } = rule;
    return condition.kind === 'cel'
      ? [js`${emitCelTest(condition, scope)}!==false&&(${fires});`]
      : [js`if(s.length>${literal(condition.limit)})${fires};`];
  });
  const subject = scope.asksSubject;
  const plan = subject ? js`P=p;X=x;W=w;` : empty;
  const step = subject ? js`S=q;` : empty;
  return js`(p,x,w,o)=>{let n=0;const s=p.steps;${plan}${join(planRules, empty)}for(let i=0;i<s.length;i++){const q=s[i],k=q.tool,a=q.args===undefined?q.parameters:q.args,f=${dispatch}.get(k);${step}n=f===undefined?${otherwise}(a,k,i,o,n):f(a,k,i,o,n);n=${always}(a,k,i,o,n)}return n}`;
}

const index = (rule: ProgramRule, table: RuleTable): Code => literal(table.indexOf(rule));

/** A function that asks the rules of one step and notes those that fire. */
function stepFunction(
  rules: readonly StepRule[],
  table: RuleTable,
  scope: Scope,
  guard: (rule: StepRule) => Code,
): Code {
  const hit = scope.support('hit');
  const body = rules.map((rule) => {
    const fires = js`n=${hit}(o,n,${index(rule, table)},i)`;
    const unconditional = rule.condition.kind === 'constant' && rule.condition.value;
    const asked = unconditional ? empty : js`${ruleFunction(rule, scope)}(a,k)&&`;
    return js`${guard(rule)}${asked}(${fires});`;
  });
  return scope.constant('f', js`(a,k,i,o,n)=>{${lines(body)}return n}`);
}

/** A rule's condition as a function of its own, shared by all entries and tools that ask it. */
function ruleFunction(rule: StepRule, scope: Scope): Code {
  return scope.constant('r', js`(a,k)=>${emitCondition(rule.condition, scope)}`);
}
