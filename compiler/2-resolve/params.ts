import type { Diagnostics, Illustration } from '../diagnostics/diagnostic.ts';
import type {
  Interval,
  OperandValue,
  ParamBinding,
  ParamDeclaration,
  ParamDomain,
  ParamType,
  Scalar,
} from '../ir/document.ts';
import type { Located } from '../ir/source.ts';
import { joinChains, samePlace } from './chain.ts';
import { newest } from './versions.ts';
import type { Version } from './versions.ts';
import * as laws from '../laws/values.ts';
import { showInterval, showList, showOperand } from '../laws/show.ts';
import { sameItems, sameOperand } from '../laws/substitute.ts';
import type { Param } from '../laws/substitute.ts';
import { reportOutside, reportWeaker } from '../laws/tighten.ts';

const TYPES: Readonly<
  Record<ParamType, { readonly expected: string; readonly accepts: (v: OperandValue) => boolean }>
> = {
  number: { expected: 'a finite number', accepts: (v) => typeof v === 'number' && Number.isFinite(v) },
  integer: { expected: 'a whole number', accepts: (v) => Number.isSafeInteger(v) },
  text: { expected: 'a string', accepts: (v) => typeof v === 'string' },
  list: { expected: 'a list', accepts: (v) => Array.isArray(v) },
};

/** A declaration as a parameter, its value checked. */
export function declare(declaration: ParamDeclaration, diagnostics: Diagnostics): Param {
  const { name, value, span } = declaration;
  check(declaration, value, diagnostics);
  return { declaration, value, final: null, chain: [{ span, says: `${name}: ${showOperand(value.value)}` }] };
}

/** Whether a value has the type and is within the domain; reports where not. */
function check(
  declaration: ParamDeclaration,
  value: Located<OperandValue>,
  diagnostics: Diagnostics,
  example?: (domain: ParamDomain) => Illustration | undefined,
): boolean {
  const { name, type, domain } = declaration;
  const { expected, accepts } = TYPES[type];
  const shown = showOperand(value.value);
  if (!accepts(value.value)) {
    diagnostics.report('PL2209', { name, expected, got: `\`${shown}\`` }, value.span);
    return false;
  }
  if (!domain || isInside(value.value, domain.value)) return true;
  const text = isInterval(domain.value) ? showInterval(domain.value) : showList(domain.value);
  const params = { setting: `params.${name}`, value: shown, domain: text };
  reportOutside(params, [domain.span, value.span], example?.(domain.value), diagnostics);
  return false;
}

const isInterval = (domain: Interval | readonly Scalar[]): domain is Interval => !Array.isArray(domain);

function isInside(value: OperandValue, domain: Interval | readonly Scalar[]): boolean {
  if (isInterval(domain)) return laws.isWithin({ min: Number(value), max: Number(value) }, domain);
  const items = Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar];
  return items.every((item) => domain.includes(item));
}

/** A plan that a rule stops with each of the values before, and not with the one after. */
export type ShowBinding = (before: readonly Param[], after: Param) => Illustration | undefined;

const withValue = (param: Param, value: OperandValue): Param => ({
  ...param,
  value: { value, span: param.value.span },
});

/** The values of a domain that the others lie between. */
function endsOf(domain: ParamDomain, type: ParamType): readonly OperandValue[] {
  if (isInterval(domain)) return [domain.min, domain.max].filter((end) => end !== null);
  return type === 'list' ? [[], domain] : domain;
}

/** What a child's binding makes of an inherited parameter; reports what is weaker, fixed or outside. */
export function bind(
  param: Param,
  { name, value, final: locks, span }: ParamBinding,
  show: ShowBinding,
  diagnostics: Diagnostics,
): Param {
  const { declaration } = param;
  const wanted = { ...param, value };
  // Each value of the domain is one that the parent may be read with.
  const outside = (domain: ParamDomain): Illustration | undefined =>
    show([param, ...endsOf(domain, declaration.type).map((end) => withValue(param, end))], wanted);
  if (!check(declaration, value, diagnostics, outside)) return param;
  const related = [
    { message: `the inherited value: ${showOperand(param.value.value)}`, span: param.value.span },
  ];
  const texts = { parent: showOperand(param.value.value), child: showOperand(value.value) };
  const chain = [...param.chain, { span, says: `${name}: ${texts.child}${locks ? ', final' : ''}` }];
  const final = locks ? value.span : param.final;
  const bound = { declaration: locks ? locked(declaration) : declaration, value, final, chain };
  if (declaration.mode === 'default') return bound;
  const law = declaration.tighten && laws.tightenings[declaration.tighten];
  if (!law) {
    // What is the same in another order changes nothing: the inherited value stays, as it is.
    if (!sameItems(param.value.value, value.value))
      diagnostics.report('PL2210', { name, ...texts, isFinal: param.final !== null }, value.span, related);
    return locks ? { ...bound, value: param.value } : param;
  }
  if (law.weakens(param.value.value, value.value)) {
    const weaker = { ...texts, example: show([param], wanted) };
    reportWeaker(`params.${name}`, law, weaker, [param.value.span, value.span], diagnostics);
    return param;
  }
  return bound;
}

/** A parameter that children may bind no more, whatever its declaration let them. */
const locked = (declaration: ParamDeclaration): ParamDeclaration => ({
  ...declaration,
  mode: 'guardrail',
  tighten: null,
});

/** A parameter and the versions of its value that it is made of. */
export interface JointParam {
  readonly param: Param;
  readonly versions: readonly Version<Param>[];
}

/** One parameter as several parents have it. */
export function joinParams(
  parents: readonly [JointParam, ...JointParam[]],
  diagnostics: Diagnostics,
): JointParam {
  const [only] = parents;
  if (parents.every(({ param }) => param === only.param)) return only;
  const versions = newest(parents.flatMap((parent) => parent.versions));
  const chain = parents.map(({ param }) => param.chain).reduce(joinChains);
  const [first, ...others] = versions.map(({ value }) => value);
  const param = first ? others.reduce((held, next) => joinTwo(held, next, diagnostics), first) : only.param;
  return { param: { ...param, chain }, versions };
}

function joinTwo(a: Param, b: Param, diagnostics: Diagnostics): Param {
  const { declaration } = a;
  const { name, tighten } = declaration;
  if (!samePlace(declaration.span, b.declaration.span)) {
    diagnostics.report('PL2207', { name }, b.declaration.span, [
      { message: 'first declared here', span: declaration.span },
    ]);
    return a;
  }
  if (sameItems(a.value.value, b.value.value)) return a.final ? a : b;
  const texts = [showOperand(a.value.value), showOperand(b.value.value)] as const;
  if (!tighten) {
    diagnostics.report('PL2213', { name, first: texts[0], second: texts[1] }, b.value.span, [
      { message: `the other parent's value: ${texts[0]}`, span: a.value.span },
    ]);
    return a;
  }
  const value = laws.tightenings[tighten].join(a.value.value, b.value.value) as OperandValue;
  const span = sameOperand(value, b.value.value) ? b.value.span : a.value.span;
  return { ...a, value: { value, span } };
}
