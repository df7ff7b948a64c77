/**
 * ajv, set up so that its standalone code needs nothing of ajv at run time and runs in time linear in the arguments:
 * keywords whose own code calls ajv's helpers, the host's regular expressions, or goes over an array for each of its
 * elements are written anew, as calls of support functions (`engine/rules/args.ts`).
 */
import { Ajv, _, type KeywordCxt } from 'ajv';
import type { CodeKeywordDefinition } from 'ajv';
import { Type } from 'ajv/dist/compile/util.js';
import { restOfElements, restOfMembers } from './rest.ts';

export function configuredAjv(): Ajv {
  const ajv = new Ajv({
    strict: false,
    logger: false,
    validateSchema: false,
    // A schema behind a reference is a function of its own, which counts its calls.
    inlineRefs: false,
    ownProperties: true,
    loopRequired: Infinity,
    // One shape for the code of every finding, with the value it is about: `standalone.ts` rewrites it.
    allErrors: true,
    messages: false,
    verbose: true,
    code: { source: true, esm: true, lines: true, optimize: true, regExp: textTest },
  });
  const kept = ['not', 'if'].map((keyword) => inOneMode(ajv.getKeyword(keyword) as CodeKeywordDefinition));
  for (const definition of [...KEYWORDS, contains, ofName, restOfMembers, restOfElements, ...kept]) {
    ajv.removeKeyword(definition.keyword as string);
    ajv.addKeyword(definition);
  }
  return ajv;
}

/** Stands for the engine of text patterns; their tests are put in where the placeholders are. */
const textTest = Object.assign((source: string) => ({ test: () => false, toString: () => source }), {
  code: 'textTest',
});

const calls = (
  keyword: string,
  type: CodeKeywordDefinition['type'],
  schemaType: CodeKeywordDefinition['schemaType'],
  code: (cxt: KeywordCxt) => void,
): CodeKeywordDefinition => ({ keyword, code, ...(type && { type }), ...(schemaType && { schemaType }) });

const KEYWORDS: readonly CodeKeywordDefinition[] = [
  calls('multipleOf', 'number', 'number', (cxt) =>
    cxt.fail(_`!isMultiple(${cxt.data}, ${cxt.schema as number})`),
  ),
  calls('minLength', 'string', 'number', (cxt) => cxt.fail(_`size(${cxt.data}) < ${cxt.schema as number}`)),
  calls('maxLength', 'string', 'number', (cxt) => cxt.fail(_`size(${cxt.data}) > ${cxt.schema as number}`)),
  calls('uniqueItems', 'array', 'boolean', (cxt) => {
    if (cxt.schema === true) cxt.fail(_`!isUnique(${cxt.data})`);
  }),
  calls('never', undefined, 'boolean', (cxt) => {
    cxt.fail();
  }),
  calls('leftOut', undefined, 'boolean', (cxt) => {
    cxt.fail();
  }),
  calls('form', 'string', 'string', (cxt) => cxt.fail(_`!${cxt.schema as string}(${cxt.data})`)),
  calls('among', undefined, 'string', (cxt) => cxt.fail(_`!isAmong(${cxt.data}, ${cxt.schema as string})`)),
  calls('equal', undefined, 'string', (cxt) => cxt.fail(_`!isAmong(${cxt.data}, ${cxt.schema as string})`)),
];

/**
 * ajv's own `contains` leaves it to the last list that had elements what an empty one holds (`[["a"], []]`): its verdict
 * is a variable of the function, and set by elements only. Here it is a count that each list begins anew.
 */
const contains: CodeKeywordDefinition = {
  ...calls('contains', 'array', ['object', 'boolean'], (cxt) => {
    const { gen, data } = cxt;
    const { minContains: least = 1, maxContains: most } = cxt.parentSchema as Contains;
    const count = gen.let('count', 0);
    const valid = gen.name('valid');
    const settled = most === undefined ? _`${count} >= ${least}` : _`${count} > ${most}`;
    gen.forRange('i', 0, _`${data}.length`, (i) => {
      const element = { dataProp: i, dataPropType: Type.Num };
      cxt.subschema({ keyword: 'contains', ...element, compositeRule: true }, valid);
      gen.if(valid, () => gen.code(_`${count}++`).if(settled, () => gen.break()));
    });
    const enough = _`${count} >= ${least}`;
    cxt.result(most === undefined ? enough : _`${enough} && ${count} <= ${most}`, () => {
      cxt.reset();
    });
  }),
  trackErrors: true,
};

interface Contains {
  readonly minContains?: number;
  readonly maxContains?: number;
}

/** Says of a schema behind a reference that it is about a name, as `propertyNames` says it of its own. */
const ofName = calls('ofName', undefined, ['object', 'boolean'], (cxt) => {
  cxt.subschema(
    { keyword: 'ofName', data: cxt.data, dataTypes: ['string'], propertyName: cxt.data },
    cxt.gen.name('valid'),
  );
});

/**
 * `not` and `if` drop what is found below them unlooked at; the value it is about is needed there too. And they end at
 * the first finding, for which ajv has other code: in it what stands behind a tuple is left out where a list is shorter.
 */
function inOneMode(definition: CodeKeywordDefinition): CodeKeywordDefinition {
  return {
    ...definition,
    code(cxt, ruleType) {
      const subschema = cxt.subschema.bind(cxt);
      cxt.subschema = (application, valid) =>
        subschema({ ...application, createErrors: true, allErrors: true }, valid);
      definition.code(cxt, ruleType);
    },
  };
}
