import type { Schema } from '../ir/catalog.ts';
import { resolveRef, subschemas } from '../ir/schema.ts';
import { isValid } from './meta-schema.ts';
import type { Input } from './meta-schema.ts';
import { idKeyword } from './schema-dialects.ts';
import { circular, pointerOf, schemaGraph, tooDeep, tooWide } from './schema-graph.ts';
import { locate } from './shape.ts';

/** Keywords that move the place from which references are counted, or that follow the path of evaluation. */
const MOVING = ['$dynamicRef', '$recursiveRef'] as const;

/**
 * The longest way through a schema, from the root to the innermost. ajv recurses along it, and twice this fits on the
 * stack that Node gives, whatever the keywords are.
 */
const MOST_DEPTH = 100;
/** The forms of all choices (`anyOf`, `oneOf`) on one way: ajv asks each inside the one before it, and folds them so. */
const MOST_FORMS = 500;
/** The places that references lead to: each becomes a function, and ajv folds the names of all into one text. */
const MOST_TARGETS = 2000;

/** Every reference must lead to a schema in this one, and none back to itself without going into the value. */
export function checkReferences(input: Input): void {
  const { tool, schema: root, node, dialect, diagnostics } = input;
  const graph = schemaGraph(root);
  const deep = tooDeep(graph, root, MOST_DEPTH);
  if (deep) {
    const { depth, pointer } = deep;
    diagnostics.report('PL1508', { tool, depth, limit: MOST_DEPTH }, locate(node, pointer).span);
    return;
  }
  const wide = tooWide(graph, root, MOST_FORMS);
  if (wide) {
    const { depth, pointer } = wide;
    const params = { tool, depth, limit: MOST_FORMS, areForms: true };
    diagnostics.report('PL1508', params, locate(node, pointer).span);
    return;
  }
  const circles = circular(graph);
  const expected = schemasBelow(root);
  const seen = new Set<Schema>();
  const targets = new Set<Schema>();
  let tooMany = false;
  const visit = (schema: Schema, pointer: string): void => {
    if (typeof schema === 'boolean' || seen.has(schema)) return;
    seen.add(schema);
    const report = (key: string, ref: string, reason: string): void =>
      diagnostics.report('PL1506', { ref, reason }, locate(node, `${pointer}/${key}`).span);
    for (const key of MOVING) {
      if (typeof schema[key] === 'string') report(key, schema[key], `\`${key}\` is not supported`);
    }
    const { $ref: ref } = schema;
    const idKey = idKeyword(dialect);
    const id = schema[idKey];
    if (typeof id === 'string' && pointer !== '')
      report(idKey, id, `a schema inside another may not have a \`${idKey}\``);
    if (typeof ref === 'string') {
      const target = resolveRef(root, ref);
      if (target !== null) targets.add(target);
      if (target === null) report('$ref', ref, whyNot(ref));
      else if (targets.size > MOST_TARGETS) {
        if (!tooMany) report('$ref', ref, `the schema refers to more than ${MOST_TARGETS} different places`);
        tooMany = true;
      } else if (circles.has(schema))
        report('$ref', ref, 'it leads back to itself without going into the value');
      // A reference may lead to where no keyword expects a schema.
      else if (typeof target === 'boolean' || expected.has(target)) visit(target, ref.slice(1));
      else if (isValid(input, target, pointerOf(ref))) {
        for (const each of schemasBelow(target)) expected.add(each);
        visit(target, pointerOf(ref));
      }
    }
    for (const inner of subschemas(schema)) visit(inner.schema, pointer + inner.pointer);
  };
  visit(root, '');
}

function whyNot(ref: string): string {
  if (ref.startsWith('#/')) return 'there is no schema at that place';
  return ref.startsWith('#') ? 'anchors are not supported' : 'other documents are not read';
}

/** All schemas to which keywords lead. */
function schemasBelow(root: Schema): Set<Schema> {
  const found = new Set<Schema>([root]);
  for (const at of found) for (const { schema } of subschemas(at)) found.add(schema);
  return found;
}
