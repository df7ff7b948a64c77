import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import { readExceptions } from './exceptions.js';
import { readParams } from './params.js';
import { readPattern } from './pattern.js';
import { Reader, located, member } from './read.js';
import { readRefinements } from './refine.js';
import { readSettings } from './settings.js';
/** Turns a tree of checked shape into a document; reports what a schema cannot say. */
export function readDocument(file, root, diagnostics) {
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
function readBlock(reader, name, diagnostics) {
  const written = reader.text('name');
  return {
    name: name ?? written?.value ?? '',
    nameSpan: written?.span ?? null,
    refinements: readRefinements(reader, diagnostics),
    ...readParams(reader, diagnostics),
    exceptions: readExceptions(reader, diagnostics),
    rules: reader.items('rules').flatMap((node) => readRule(node, diagnostics) ?? []),
    settings: readSettings(reader, diagnostics),
  };
}
function readRule(node, diagnostics) {
  const reader = new Reader(node);
  const id = reader.text('rule');
  const when = reader.node.entries.find((entry) => entry.key === 'when');
  if (when) {
    diagnostics.report('PL1113', { feature: 'when' }, when.keySpan);
    return null;
  }
  const patternNode = reader.get('pattern');
  const pattern = patternNode && readPattern(patternNode, diagnostics);
  if (!id || !pattern) return null;
  const severity = member(reader.text('severity'), SEVERITIES);
  const enforcement = member(reader.text('enforcement'), ENFORCEMENTS);
  const category = reader.text('category')?.value;
  const weight = reader.number('weight');
  const final = reader.flag('final');
  return {
    id,
    description: reader.text('description')?.value ?? '',
    pattern,
    span: id.span,
    ...(severity && { severity }),
    ...(enforcement && { enforcement }),
    ...(category !== undefined && { category }),
    ...(weight && { weight }),
    ...(final && { final }),
  };
}
