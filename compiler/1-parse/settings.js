import { checkGlobs } from './pattern.js';
import { Reader, located, member } from './read.js';
/** Reads the flat settings of a file or policy. */
export function readSettings(reader, diagnostics) {
  const globs = (node) => (node.kind === 'sequence' ? node.items.map((item) => located(item, 'string')) : []);
  const number = (node) => located(node, 'number').value;
  const interval = (node) => readInterval(node, 'a domain', diagnostics);
  const allowTools = readSetting(reader, 'allow_tools', globs, globs, diagnostics);
  if (allowTools) checkGlobs([...allowTools.value, ...(allowTools.domain?.value ?? [])], diagnostics);
  const maxSteps = readSetting(reader, 'max_steps', number, interval, diagnostics);
  const failRiskThreshold = readSetting(reader, 'fail_risk_threshold', number, interval, diagnostics);
  const aggregate = member(reader.text('aggregate'), ['sum', 'max']);
  return {
    ...(allowTools && { allowTools: plainDomain(allowTools) }),
    bounds: readBounds(reader, diagnostics),
    denyTokens: reader.items('deny_tokens_regex').map((item) => located(item, 'string')),
    ...(maxSteps && { maxSteps: checked('max_steps', maxSteps, diagnostics) }),
    riskWeights: reader.entries('risk_weights').map(({ key, keySpan, value }) => {
      return { name: key, weight: located(value, 'number').value, span: keySpan };
    }),
    ...(failRiskThreshold && {
      failRiskThreshold: checked('fail_risk_threshold', failRiskThreshold, diagnostics),
    }),
    ...(aggregate && { aggregate }),
  };
}
function plainDomain({ value, span, domain }) {
  const texts = domain && { value: domain.value.map((glob) => glob.value), span: domain.span };
  return { value, span, ...(texts && { domain: texts }) };
}
/** A setting as its value alone, or as `{ value, mode, domain }`. */
function readSetting(reader, key, readValue, readDomain, diagnostics) {
  const node = reader.get(key);
  return node && settingOf(node, key, readValue, readDomain, diagnostics);
}
function settingOf(node, key, readValue, readDomain, diagnostics) {
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
  };
}
/** A default must be one of the values that its own domain allows. */
function checked(key, setting, diagnostics) {
  const { value, span, domain } = setting;
  const { min, max } = domain?.value ?? { min: null, max: null };
  if (domain && (value < (min ?? -Infinity) || value > (max ?? Infinity))) {
    const text = `[${min ?? 'null'}, ${max ?? 'null'}]`;
    diagnostics.report('PL2109', { setting: key, value: String(value), domain: text }, span, [
      { message: 'the domain is declared here', span: domain.span },
    ]);
  }
  return setting;
}
function readBounds(reader, diagnostics) {
  return reader.entries('bounds').flatMap(({ key, keySpan, value: node }) => {
    const setting = settingOf(
      node,
      `bounds.${key}`,
      (at) => readInterval(at, 'a bound', diagnostics, key),
      (at) => readInterval(at, 'a domain', diagnostics),
      diagnostics,
    );
    const { value, span, domain } = setting;
    return value ? [{ key, keySpan, ...value, span, ...(domain && { domain }) }] : [];
  });
}
/** `[0.01, 10000]`; `null` after it has reported why it holds no number. */
export function readInterval(node, what, diagnostics, key = what) {
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
function reportEnd(span, what, got, diagnostics) {
  const params = {
    what: `an end of ${what}`,
    expected: 'a finite number or null',
    got: `\`${String(got)}\``,
  };
  diagnostics.report('PL1102', params, span);
}
