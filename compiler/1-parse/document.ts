import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { REFERENCE_MODES } from '../ir/document.ts';
import type {
  ParentReference,
  PatternDeclaration,
  PolicyBlock,
  PolicyDocument,
  RuleDeclaration,
} from '../ir/document.ts';
import type { YamlNode } from '../ir/node.ts';
import type { Located, SourceFile, Span } from '../ir/source.ts';
import { ORDERS, WHOLE_PLAN_KINDS } from '../ir/whole-plan.ts';
import type { Order } from '../ir/whole-plan.ts';
import { readExceptions } from './exceptions.ts';
import { readParams } from './params.ts';
import { readPattern } from './pattern.ts';
import { Reader, located, member } from './read.ts';
import { readRefinements } from './refine.ts';
import { readSettings } from './settings.ts';
import { readWholePlan } from './whole-plan.ts';

/** Turns a tree of checked shape into a document; reports what a schema cannot say. */
export function readDocument(file: SourceFile, root: YamlNode, diagnostics: Diagnostics): PolicyDocument {
  const reader = new Reader(root);
  const stem = file.path.replace(/\.ya?ml$/, '');
  const order = orderOf(reader) ?? 'dependencies';
  const blocks = reader.items('policies').map((node) => {
    const block = new Reader(node);
    return readBlock(block, { name: null, order: orderOf(block) ?? order }, diagnostics);
  });
  const given = reader.text('name')?.value;
  const only = blocks.length === 1 ? blocks[0]?.name : undefined;
  const name = given ?? only ?? stem;
  reportNamesakes(blocks, diagnostics);
  const own = readBlock(reader, { name, order }, diagnostics);
  return {
    file,
    name,
    aliases: [...new Set([name, ...blocks.map((block) => block.name), stem])],
    extends: reader.items('extends').map((node) => readParent(located(node, 'string'), diagnostics)),
    extendsNothing:
      reader.get('extends') && reader.items('extends').length === 0 ? reader.keySpan('extends') : null,
    policies: [own, ...blocks],
  };
}

/** Two policies of one name could not be told apart by those who read what was violated. */
function reportNamesakes(blocks: readonly PolicyBlock[], diagnostics: Diagnostics): void {
  const named = new Map<string, Span>();
  for (const { name, nameSpan } of blocks) {
    const first = named.get(name);
    if (nameSpan && first) {
      diagnostics.report('PL1122', { name }, nameSpan, [{ message: 'the first of them', span: first }]);
    } else if (nameSpan) named.set(name, nameSpan);
  }
}

/** `vendor/base.yaml#sha256=<hex>` pins the bytes of the parent. */
function readParent({ value, span }: Located<string>, diagnostics: Diagnostics): ParentReference {
  const at = value.indexOf('#');
  if (at < 0) return { value, span, sha256: null };
  const [, sha256 = null] = /^#sha256=([0-9a-f]{64})$/.exec(value.slice(at)) ?? [];
  if (sha256 === null) diagnostics.report('PL2012', { written: value }, span);
  return { value: value.slice(0, at), span, sha256 };
}

/** What a file or policy says of the order of steps, for the rules that do not. */
const orderOf = (reader: Reader): Order | undefined => member(reader.text('order'), ORDERS)?.value;

interface Around {
  readonly name: string | null;
  readonly order: Order;
}

function readBlock(reader: Reader, { name, order }: Around, diagnostics: Diagnostics): PolicyBlock {
  const written = reader.text('name');
  return {
    name: name ?? written?.value ?? '',
    nameSpan: written?.span ?? null,
    refinements: readRefinements(reader, diagnostics),
    ...readParams(reader, diagnostics),
    exceptions: readExceptions(reader, diagnostics),
    rules: reader.items('rules').flatMap((node) => readRule(node, order, diagnostics) ?? []),
    settings: readSettings(reader, diagnostics),
  };
}

function readRule(node: YamlNode, order: Order, diagnostics: Diagnostics): RuleDeclaration | null {
  const reader = new Reader(node);
  const id = reader.text('rule');
  const when = reader.text('when') ?? null;
  const scope = member(reader.text('scope'), ['step', 'plan'] as const);
  const patternNode = reader.get('pattern');
  const kinds = WHOLE_PLAN_KINDS.filter((kind) => reader.get(kind));
  if (!id || (!patternNode && !when && kinds.length === 0)) {
    diagnostics.report('PL1113', undefined, id?.span ?? node.span);
    return null;
  }
  if (RESERVED.has(id.value)) {
    diagnostics.report('PL1119', { name: id.value }, id.span);
    return null;
  }
  const wholePlan = kinds[0] ? readWholePlan(kinds[0], { rule: reader, order }, diagnostics) : null;
  if (kinds[0] && !wholePlan) return null;
  if (!wholePlan && scope?.value === 'plan' && (patternNode || !when)) {
    diagnostics.report('PL1117', undefined, scope.span);
    return null;
  }
  const pattern = patternNode ? readPattern(patternNode, diagnostics) : always(id.span);
  if (!pattern) return null;
  const severity = member(reader.text('severity'), SEVERITIES);
  const enforcement = member(reader.text('enforcement'), ENFORCEMENTS);
  const category = reader.text('category')?.value;
  const weight = reader.number('weight');
  const final = reader.flag('final');
  const references = member(reader.text('references'), REFERENCE_MODES);
  if (references?.value === 'allow' && (wholePlan || scope?.value === 'plan')) {
    diagnostics.report('PL1121', { rule: id.value }, references.span);
    return null;
  }
  return {
    id,
    description: reader.text('description')?.value ?? '',
    pattern,
    when,
    scope: scope?.value ?? 'step',
    wholePlan,
    span: id.span,
    ...(severity && { severity }),
    ...(enforcement && { enforcement }),
    ...(category !== undefined && { category }),
    ...(weight && { weight }),
    ...(final && { final }),
    ...(references && { references }),
  };
}

/** Rules that settings make; their names are taken. */
const RESERVED: ReadonlySet<string> = new Set([
  'allow_tools',
  'max_steps',
  'bounds',
  'deny_tokens_regex',
  'results',
  'tools',
  'validate_args',
]);

/** The pattern of a rule that has a condition only. */
function always(span: Span): PatternDeclaration {
  return { span, tools: null, leaf: null, and: null, or: null, not: null };
}
