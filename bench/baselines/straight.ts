/**
 * The limit: straight-line code for this workload as one would write it by hand. One small function a tool, merged
 * thresholds, one regular expression an argument, exact tests in cold functions. It does what the rules ask and
 * nothing else: no limits, no check of the plan's shape, no duplicate ids, keys and nested values not searched.
 */
import { findingNames, load, verdictOf } from '../engine.ts';
import type { Engine } from '../engine.ts';
import type { Check, Plan, Workload } from '../workload.ts';
import { mergeTools } from './merge.ts';
import type { MergedArg } from './merge.ts';

const text = (value: unknown): string => JSON.stringify(value);
const regex = (source: string): string => `/${source.replaceAll('/', '\\/')}/`;

export const straight: Engine = {
  name: 'limit: straight-line by hand',
  async prepare(workload) {
    const source = straightSource(workload, false);
    const decide = (await load(source)) as (plan: Plan, out: Int32Array) => number;
    const out = new Int32Array(1 << 16);
    const allNames = findingNames(workload);
    return {
      decide: (plan) => decide(plan, out),
      verdict: (plan) => verdictOf(allNames, out.slice(0, decide(plan, out))),
      bytes: source.length,
    };
  },
};

export const early: Engine = {
  name: 'limit: early out by hand',
  async prepare(workload) {
    const source = straightSource(workload, true);
    const allows = (await load(source)) as (plan: Plan) => boolean;
    return {
      decide: allows,
      allows,
      verdict: (plan) => (allows(plan) ? [] : ['denied']),
      bytes: source.length,
    };
  },
};

function straightSource(workload: Workload, stopsEarly: boolean): string {
  const { rules, deny, maxSteps, allow } = workload;
  const rest = rules.length;
  const globs = allow.map((glob) => `k.startsWith(${text(glob.slice(0, -1))})`).join('||');
  const cases = [...mergeTools(workload)].map(
    ([tool, args]) =>
      `[${text(tool)},(a,i)=>{let v;${args.map((arg) => hotArg(arg, stopsEarly)).join('')}${stopsEarly ? 'return true' : ''}}]`,
  );
  const hit = 'const hit=(r,i)=>{O[n]=r;O[n+1]=i;n+=2};';
  const denyCold = deny.map((source, i) => `if(${stopsEarly ? '' : `!h[${i}]&&`}${regex(source)}.test(t))`);
  const scan = stopsEarly
    ? 'for(const key in a){const t=a[key];if(typeof t==="string"&&D.test(t))return false}'
    : 'let h;for(const key in a){const t=a[key];if(typeof t==="string"&&D.test(t))h=denied(t,i,h)}';
  const helpers = stopsEarly
    ? ''
    : `let O,n;${hit}const denied=(t,i,h=[])=>{${denyCold.map((test, k) => `${test}{h[${k}]=true;hit(${rest + k},i)}`).join('')}return h};`;
  const loop = `for(let i=0;i<s.length;i++){const q=s[i],a=q.args,k=q.tool,f=T.get(k);`;
  return stopsEarly
    ? `const D=${regex(deny.join('|'))};const T=new Map([${cases.join(',\n')}]);export default p=>{const s=p.steps;if(s.length>${maxSteps})return false;${loop}if(f===undefined){if(!(${globs}))return false}else if(!f(a,i))return false;${scan}}return true}`
    : `${helpers}const D=${regex(deny.join('|'))};const T=new Map([${cases.join(',\n')}]);export default (p,o)=>{O=o;n=0;const s=p.steps;if(s.length>${maxSteps})hit(${rest + deny.length + 1},-1);${loop}if(f!==undefined)f(a,i);else if(!(${globs}))hit(${rest + deny.length},i);${scan}}return n}`;
}

function hotArg(merged: MergedArg, stopsEarly: boolean): string {
  const { range, equal, union, anchored } = merged;
  const cold = stopsEarly ? 'return false;' : `{${merged.rules.map(coldRule).join('')}}`;
  const tests = [
    ...byLength(equal),
    ...anchored.map(({ source, first }) => `v.charCodeAt(0)===${first}&&${regex(source)}.test(v)`),
    ...(union === '' ? [] : [`${regex(union)}.test(v)`]),
  ];
  const body = range
    ? `if(!(typeof v==="number"&&v>=${range[0]}&&v<=${range[1]}))${cold}`
    : `if(typeof v==="string"&&(${tests.join('||')}))${cold}`;
  return `v=a.${merged.arg};${body}`;
}

function byLength(texts: readonly string[]): readonly string[] {
  const lengths = [...new Set(texts.map((each) => each.length))];
  return lengths.map((length) => {
    const same = texts.filter((each) => each.length === length).map((each) => `v===${text(each)}`);
    return `v.length===${length}&&(${same.join('||')})`;
  });
}

const coldRule = ({ check, index }: { check: Check; index: number }): string =>
  `if(${exact(check)})hit(${index},i);`;

function exact(check: Check): string {
  switch (check.operation) {
    case 'gt':
      return `!(typeof v==="number"&&v<=${check.value})`;
    case 'lt':
      return `!(typeof v==="number"&&v>=${check.value})`;
    case 'equals':
      return `v===${text(check.value)}`;
    case 'in':
      return check.value.map((each) => `v===${text(each)}`).join('||');
    case 'contains':
      return `v.includes(${text(check.value)})`;
    case 'starts_with':
      return `v.startsWith(${text(check.value)})`;
    case 'matches':
      return `${regex(check.value)}.test(v)`;
  }
}
