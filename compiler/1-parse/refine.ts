import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { REFERENCE_MODES } from '../ir/document.ts';
import type { RefinementDeclaration } from '../ir/document.ts';
import type { YamlNode } from '../ir/node.ts';
import { pathProblem } from '../ir/path.ts';
import type { Located } from '../ir/source.ts';
import { operandValue } from './operand.ts';
import { checkGlobs, readPattern } from './pattern.ts';
import { Reader, located, member } from './read.ts';
import { reportReferencesIn } from './references.ts';

/** Reads `refine`; an item that has been reported is left out. */
export function readRefinements(reader: Reader, diagnostics: Diagnostics): readonly RefinementDeclaration[] {
  return reader.items('refine').flatMap((node) => readRefinement(node, diagnostics) ?? []);
}

function readRefinement(node: YamlNode, diagnostics: Diagnostics): RefinementDeclaration | null {
  const reader = new Reader(node);
  const rule = reader.text('rule');
  const patternNode = reader.get('pattern');
  const pattern = patternNode && readPattern(patternNode, diagnostics);
  const tool = textsOf(reader, 'tool');
  const addTools = textsOf(reader, 'add_tools') ?? [];
  const addArgs = textsOf(reader, 'add_args') ?? [];
  const fine = checkGlobs([...(tool ?? []), ...addTools], diagnostics) && checkPaths(addArgs, diagnostics);
  if (!rule || !fine || pattern === null) return null;
  const severity = member(reader.text('severity'), SEVERITIES);
  const enforcement = member(reader.text('enforcement'), ENFORCEMENTS);
  const weight = reader.number('weight');
  const final = reader.flag('final');
  const references = member(reader.text('references'), REFERENCE_MODES);
  const enabled = reader.flag('enabled');
  const when = reader.text('when');
  const valueNode = reader.get('value');
  if (valueNode && reportReferencesIn(valueNode, 'pattern', diagnostics)) return null;
  const value = valueNode && operandValue(valueNode);
  return {
    rule,
    addTools,
    addArgs,
    ...(severity && { severity }),
    ...(enforcement && { enforcement }),
    ...(weight && { weight }),
    ...(final && { final }),
    ...(references && { references }),
    ...(enabled && { enabled }),
    ...(reader.get('when') && { when: { value: when?.value ?? '', span: reader.keySpan('when') } }),
    ...(tool && { tool: { value: tool, span: reader.get('tool')?.span ?? node.span } }),
    ...(valueNode && value !== undefined && { value: { value, span: valueNode.span } }),
    ...(pattern && { pattern }),
  };
}

/** A string or a list of strings; `undefined` where the key is absent. */
function textsOf(reader: Reader, key: string): readonly Located<string>[] | undefined {
  return reader.get(key) && reader.items(key).map((item) => located(item, 'string'));
}

function checkPaths(paths: readonly Located<string>[], diagnostics: Diagnostics): boolean {
  const bad = paths.filter(({ value, span }) => {
    const reason = pathProblem(value);
    if (reason) diagnostics.report('PL1112', { path: value, reason }, span);
    return reason;
  });
  return bad.length === 0;
}
