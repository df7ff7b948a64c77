import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { PARAM_TYPES, TIGHTENINGS } from '../ir/document.ts';
import type { ParamBinding, ParamDeclaration, ParamDomain, ParamType, Tightening } from '../ir/document.ts';
import type { MappingEntry, YamlNode } from '../ir/node.ts';
import type { Located, Span } from '../ir/source.ts';
import { operandValue } from './operand.ts';
import { Reader, member } from './read.ts';
import { reportReferencesIn } from './references.ts';
import { readInterval } from './settings.ts';

/** Directions that make sense for a type. */
const DIRECTIONS: Readonly<Record<ParamType, readonly Tightening[]>> = {
  number: ['lower', 'higher'],
  integer: ['lower', 'higher'],
  text: [],
  list: ['add', 'remove'],
};

interface Params {
  readonly params: readonly ParamDeclaration[];
  readonly bindings: readonly ParamBinding[];
}

/** Reads `params`: a mapping declares a parameter, anything else binds an inherited one. */
export function readParams(reader: Reader, diagnostics: Diagnostics): Params {
  const entries = reader.entries('params');
  return {
    params: entries.flatMap((entry) =>
      isDeclaration(entry.value) ? (readDeclaration(entry, diagnostics) ?? []) : [],
    ),
    bindings: entries.flatMap((entry) =>
      isDeclaration(entry.value) ? [] : (readBinding(entry, diagnostics) ?? []),
    ),
  };
}

/** `{ value: 5, final: true }` binds; what says its type declares. */
const isDeclaration = (node: YamlNode): boolean =>
  node.kind === 'mapping' && !(new Reader(node).flag('final') && !new Reader(node).get('type'));

function readBinding(
  { key, keySpan, value: node }: MappingEntry,
  diagnostics: Diagnostics,
): ParamBinding | null {
  const reader = node.kind === 'mapping' ? new Reader(node) : null;
  const valueNode = reader?.get('value') ?? node;
  if (reportReferencesIn(valueNode, 'parameter', diagnostics)) return null;
  const value = operandValue(valueNode);
  // Which values it may have, and from which side, is for its declaration to say.
  const stray = ['domain', 'tighten', 'mode', 'description'].find((name) => reader?.get(name));
  if (reader && stray !== undefined) {
    diagnostics.report('PL1103', { key: 'type', where: 'a parameter' }, reader.keySpan(stray));
  }
  const final = reader?.flag('final')?.value ?? false;
  return value === undefined
    ? null
    : { name: key, value: { value, span: valueNode.span }, final, span: keySpan };
}

function readDeclaration(
  { key, keySpan, value: node }: MappingEntry,
  diagnostics: Diagnostics,
): ParamDeclaration | null {
  const reader = new Reader(node);
  const type = member(reader.text('type'), PARAM_TYPES)?.value;
  const valueNode = reader.get('value');
  const value = valueNode && operandValue(valueNode);
  if (!type && valueNode) diagnostics.report('PL1103', { key: 'type', where: 'a parameter' }, keySpan);
  if (!type || !valueNode || value === undefined) return null;
  if (reportReferencesIn(valueNode, 'parameter', diagnostics)) return null;
  const mode = reader.text('mode')?.value === 'default' ? 'default' : 'guardrail';
  const tighten = member(reader.text('tighten'), TIGHTENINGS);
  if (tighten && !DIRECTIONS[type].includes(tighten.value)) {
    const allowed = DIRECTIONS[type];
    diagnostics.report(
      'PL1104',
      { what: `\`tighten\` of type \`${type}\``, got: tighten.value, allowed, near: null },
      tighten.span,
    );
  }
  const domainNode = reader.get('domain');
  if (mode === 'default' && !domainNode) diagnostics.report('PL1115', { key, open: true }, keySpan);
  const domain = domainNode ? readDomain(domainNode, type, diagnostics) : null;
  const located = { value, span: valueNode.span };
  const declared = {
    name: key,
    type,
    value: located,
    domain,
    tighten: tighten?.value ?? null,
    mode,
    span: keySpan,
  };
  return { ...declared, mode };
}

function readDomain(node: YamlNode, type: ParamType, diagnostics: Diagnostics): Located<ParamDomain> | null {
  const at = (value: ParamDomain, span: Span): Located<ParamDomain> => ({ value, span });
  if (type === 'number' || type === 'integer') {
    const interval = readInterval(node, 'a domain', diagnostics);
    return interval && at(interval, node.span);
  }
  const listed = operandValue(node);
  return Array.isArray(listed) ? at(listed, node.span) : null;
}
