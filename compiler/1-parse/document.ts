import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type {
  BoundDeclaration,
  PolicyBlock,
  PolicyDocument,
  RuleDeclaration,
  Settings,
} from '../ir/document.ts';
import type { YamlNode } from '../ir/node.ts';
import type { SourceFile } from '../ir/source.ts';
import { checkGlobs, readPattern } from './pattern.ts';
import { Reader, located, member } from './read.ts';

/** Turns a tree of checked shape into a document; reports what a schema cannot say. */
export function readDocument(file: SourceFile, root: YamlNode, diagnostics: Diagnostics): PolicyDocument {
  const reader = new Reader(root);
  const stem = file.path.replace(/\.ya?ml$/, '');
  const blocks = reader.items('policies').map((node) => readBlock(new Reader(node), null, diagnostics));
  const given = reader.text('name')?.value;
  const only = blocks.length === 1 ? blocks[0]?.name : undefined;
  const name = given ?? only ?? stem;
  const own = readBlock(reader, name, diagnostics);
  return {
    file,
    name,
    aliases: [...new Set([name, ...blocks.map((block) => block.name), stem])],
    extends: reader.items('extends').map((node) => located(node, 'string')),
    policies: [own, ...blocks],
  };
}

function readBlock(reader: Reader, name: string | null, diagnostics: Diagnostics): PolicyBlock {
  return {
    name: name ?? reader.text('name')?.value ?? '',
    rules: reader.items('rules').flatMap((node) => readRule(node, diagnostics) ?? []),
    settings: readSettings(reader, diagnostics),
  };
}

function readRule(node: YamlNode, diagnostics: Diagnostics): RuleDeclaration | null {
  const reader = new Reader(node);
  const id = reader.text('rule');
  const when = reader.text('when') ?? null;
  const scope = member(reader.text('scope'), ['step', 'plan'] as const);
  const patternNode = reader.get('pattern');
  if (!id || (!patternNode && !when)) {
    diagnostics.report('PL1113', undefined, id?.span ?? node.span);
    return null;
  }
  if (scope?.value === 'plan' && (patternNode || !when)) {
    diagnostics.report('PL1115', undefined, scope.span);
    return null;
  }
  const pattern = patternNode ? readPattern(patternNode, diagnostics) : null;
  if (patternNode && !pattern) return null;
  const severity = member(reader.text('severity'), SEVERITIES);
  const enforcement = member(reader.text('enforcement'), ENFORCEMENTS);
  const category = reader.text('category')?.value;
  const weight = reader.number('weight');
  return {
    id,
    description: reader.text('description')?.value ?? '',
    pattern,
    when,
    scope: scope?.value ?? 'step',
    span: id.span,
    ...(severity && { severity }),
    ...(enforcement && { enforcement }),
    ...(category !== undefined && { category }),
    ...(weight && { weight }),
  };
}

function readSettings(reader: Reader, diagnostics: Diagnostics): Settings {
  const allow = reader.get('allow_tools');
  const allowTools = reader.items('allow_tools').map((item) => located(item, 'string'));
  checkGlobs(allowTools, diagnostics);
  const maxSteps = reader.number('max_steps');
  const threshold = reader.number('fail_risk_threshold');
  const aggregate = member(reader.text('aggregate'), ['sum', 'max'] as const);
  return {
    ...(allow && { allowTools: { value: allowTools, span: allow.span } }),
    bounds: readBounds(reader.get('bounds'), diagnostics),
    denyTokens: reader.items('deny_tokens_regex').map((item) => located(item, 'string')),
    ...(maxSteps && { maxSteps }),
    riskWeights: entriesOf(reader.get('risk_weights')).map(({ key, keySpan, value }) => {
      return { name: key, weight: located(value, 'number').value, span: keySpan };
    }),
    ...(threshold && { failRiskThreshold: threshold }),
    ...(aggregate && { aggregate }),
  };
}

function entriesOf(node: YamlNode | undefined): Reader['node']['entries'] {
  return node ? new Reader(node).node.entries : [];
}

function readBounds(node: YamlNode | undefined, diagnostics: Diagnostics): readonly BoundDeclaration[] {
  return entriesOf(node).flatMap(({ key, keySpan, value }): BoundDeclaration[] => {
    const ends =
      value.kind === 'sequence'
        ? value.items.map((item) => (item.kind === 'scalar' ? item.value : null))
        : [];
    const [min, max] = ends.map((end) => (typeof end === 'number' ? end : null));
    const bad = ends.find((end) => typeof end === 'number' && !Number.isFinite(end));
    if (bad !== undefined) {
      diagnostics.report(
        'PL1102',
        { what: 'an end of a bound', expected: 'a finite number or null', got: `\`${String(bad)}\`` },
        value.span,
      );
      return [];
    }
    if (typeof min === 'number' && typeof max === 'number' && min > max) {
      diagnostics.report('PL2107', { key, text: `[${min}, ${max}]` }, value.span);
      return [];
    }
    return [{ key, keySpan, min: min ?? null, max: max ?? null, span: value.span }];
  });
}
