import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { REFERENCE_MODES } from '../ir/document.ts';
import type { BoundDeclaration, Interval, Setting, Settings, ToolScope } from '../ir/document.ts';
import type { YamlNode } from '../ir/node.ts';
import type { Located, Span } from '../ir/source.ts';
import { ORDERS } from '../ir/whole-plan.ts';
import { durationOf } from './duration.ts';
import { checkGlobs } from './pattern.ts';
import { Reader, located, member } from './read.ts';
import { readResults } from './results.ts';
import { reportReferencesIn } from './references.ts';

/** Reads the flat settings of a file or policy. */
export function readSettings(reader: Reader, diagnostics: Diagnostics): Settings {
  const globs = (node: YamlNode): readonly Located<string>[] =>
    node.kind === 'sequence' ? node.items.map((item) => located(item, 'string')) : [];
  const number = (node: YamlNode): number => located(node, 'number').value;
  const interval = (node: YamlNode): Interval | null => readInterval(node, 'a domain', diagnostics);
  const allowTools = readSetting(reader, 'allow_tools', globs, globs, diagnostics);
  if (allowTools) checkGlobs([...allowTools.value, ...(allowTools.domain?.value ?? [])], diagnostics);
  const maxSteps = readSetting(reader, 'max_steps', number, interval, diagnostics);
  const failRiskThreshold = readSetting(reader, 'fail_risk_threshold', number, interval, diagnostics);
  const order = member(reader.text('order'), ORDERS);
  const aggregate = member(reader.text('aggregate'), ['sum', 'max'] as const);
  const tools = readSetting<ToolScope, never>(reader, 'tools', toolScope, noDomain, diagnostics);
  const validateArgs = readSetting<boolean, never>(reader, 'validate_args', flag, noDomain, diagnostics);
  const maxException = durationOf(reader.text('max_exception'));
  return {
    ...(allowTools && { allowTools: plainDomain(allowTools) }),
    bounds: readBounds(reader, diagnostics),
    denyTokens: reader
      .items('deny_tokens_regex')
      .filter((item) => !reportReferencesIn(valueOf(item), 'setting', diagnostics))
      .map((item) => settingOf<string, never>(item, 'deny_tokens_regex', text, noDomain, diagnostics)),
    results: readResults(reader, diagnostics),
    ...(maxSteps && { maxSteps: checked('max_steps', maxSteps, diagnostics) }),
    riskWeights: reader.entries('risk_weights').map(({ key, keySpan, value }) => {
      return { name: key, weight: located(value, 'number').value, span: keySpan };
    }),
    ...(failRiskThreshold && {
      failRiskThreshold: checked('fail_risk_threshold', failRiskThreshold, diagnostics),
    }),
    ...(aggregate && { aggregate }),
    ...(order && { order }),
    ...(tools && { tools }),
    ...(validateArgs && { validateArgs }),
    ...(maxException && { maxException }),
  };
}

const text = (node: YamlNode): string => located(node, 'string').value;
const flag = (node: YamlNode): boolean => located(node, 'boolean').value;
const toolScope = (node: YamlNode): ToolScope => (text(node) === 'only-catalog' ? 'only-catalog' : 'any');
const noDomain = (): null => null;
const valueOf = (node: YamlNode): YamlNode =>
  node.kind === 'mapping' ? (new Reader(node).get('value') ?? node) : node;

function plainDomain({
  value,
  span,
  domain,
  final,
}: Setting<readonly Located<string>[], readonly Located<string>[]>): Setting<
  readonly Located<string>[],
  readonly string[]
> {
  const texts = domain && { value: domain.value.map((glob) => glob.value), span: domain.span };
  return { value, span, ...(texts && { domain: texts }), ...(final && { final }) };
}

/** A setting as its value alone, or as `{ value, mode, domain }`. */
function readSetting<T, D>(
  reader: Reader,
  key: string,
  readValue: (node: YamlNode) => T,
  readDomain: (node: YamlNode) => D | null,
  diagnostics: Diagnostics,
): Setting<T, D> | undefined {
  const node = reader.get(key);
  return node && settingOf(node, key, readValue, readDomain, diagnostics);
}

function settingOf<T, D>(
  node: YamlNode,
  key: string,
  readValue: (node: YamlNode) => T,
  readDomain: (node: YamlNode) => D | null,
  diagnostics: Diagnostics,
): Setting<T, D> {
  if (node.kind !== 'mapping') return { value: readValue(node), span: node.span };
  const reader = new Reader(node);
  const valueNode = reader.get('value') ?? node;
  const domainNode = reader.get('domain');
  const open = reader.text('mode')?.value === 'default';
  if (open !== (domainNode !== undefined)) diagnostics.report('PL1115', { key, open }, valueNode.span);
  const domain = domainNode && readDomain(domainNode);
  return {
    value: readValue(valueNode),
    span: valueNode.span,
    ...(domain && { domain: { value: domain, span: domainNode.span } }),
    ...(reader.flag('final')?.value && { final: true }),
  };
}

/** A default must be one of the values that its own domain allows. */
function checked(key: string, setting: Setting<number, Interval>, diagnostics: Diagnostics): typeof setting {
  const { value, span, domain } = setting;
  const { min, max } = domain?.value ?? { min: null, max: null };
  if (domain && (value < (min ?? -Infinity) || value > (max ?? Infinity))) {
    const shown = `[${min ?? 'null'}, ${max ?? 'null'}]`;
    diagnostics.report('PL2109', { setting: key, value: String(value), domain: shown }, span, [
      { message: 'the domain is declared here', span: domain.span },
    ]);
  }
  return setting;
}

function readBounds(reader: Reader, diagnostics: Diagnostics): readonly BoundDeclaration[] {
  return reader.entries('bounds').flatMap(({ key, keySpan, value: node }): BoundDeclaration[] => {
    const setting = settingOf<Interval | null, Interval>(
      node,
      `bounds.${key}`,
      (at) => readInterval(at, 'a bound', diagnostics, key),
      (at) => readInterval(at, 'a domain', diagnostics),
      diagnostics,
    );
    const { value, span, domain, final } = setting;
    const options = node.kind === 'mapping' ? new Reader(node) : null;
    const references = member(options?.text('references'), REFERENCE_MODES);
    const optional = options?.flag('optional');
    if (!value) return [];
    return [
      {
        key,
        keySpan,
        ...value,
        span,
        ...(domain && { domain }),
        ...(final && { final }),
        ...(references && { references }),
        ...(optional && { optional }),
      },
    ];
  });
}

/** `[0.01, 10000]`; `null` after it has reported why it holds no number. */
export function readInterval(
  node: YamlNode,
  what: string,
  diagnostics: Diagnostics,
  key = what,
): Interval | null {
  const ends =
    node.kind === 'sequence' ? node.items.map((item) => (item.kind === 'scalar' ? item.value : null)) : [];
  const [min, max] = ends.map((end) => (typeof end === 'number' ? end : null));
  const bad = ends.find((end) => end !== null && !Number.isFinite(end));
  if (bad !== undefined || ends.length !== 2) {
    reportEnd(node.span, what, bad ?? 'a list of another length', diagnostics);
    return null;
  }
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    diagnostics.report('PL2107', { key, text: `[${min}, ${max}]` }, node.span);
    return null;
  }
  return { min: min ?? null, max: max ?? null };
}

function reportEnd(span: Span, what: string, got: unknown, diagnostics: Diagnostics): void {
  const params = {
    what: `an end of ${what}`,
    expected: 'a finite number or null',
    got: `\`${String(got)}\``,
  };
  diagnostics.report('PL1102', params, span);
}
