/**
 * ajv, set up so that its standalone code needs nothing of ajv at run time and runs in time linear in the arguments:
 * keywords whose own code calls ajv's helpers, the host's regular expressions, or goes over an array for each of its
 * elements are written anew, as calls of support functions (`support/args.ts`).
 */
import { Ajv, _, type KeywordCxt } from 'ajv';
import type { CodeKeywordDefinition } from 'ajv';

export function configuredAjv(): Ajv {
  const ajv = new Ajv({
    strict: false,
    logger: false,
    validateSchema: false,
    // A schema behind a reference is a function of its own, which counts its calls.
    inlineRefs: false,
    // `minContains` and `maxContains` beside `contains`.
    next: true,
    ownProperties: true,
    loopRequired: Infinity,
    // One shape for the code of every finding, with the value it is about: `standalone.ts` rewrites it.
    allErrors: true,
    messages: false,
    verbose: true,
    code: { source: true, esm: true, lines: true, optimize: true, regExp: textTest },
  });
  const kept = ['not', 'if'].map((keyword) => withFindings(ajv.getKeyword(keyword) as CodeKeywordDefinition));
  for (const definition of [...KEYWORDS, ...kept]) {
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
  calls('form', 'string', 'string', (cxt) => cxt.fail(_`!${cxt.schema as string}(${cxt.data})`)),
  calls('among', undefined, 'string', (cxt) => cxt.fail(_`!isAmong(${cxt.data}, ${cxt.schema as string})`)),
  calls('equal', undefined, 'string', (cxt) => cxt.fail(_`!isAmong(${cxt.data}, ${cxt.schema as string})`)),
];

/** `not` and `if` drop what is found below them unlooked at; the value it is about is needed there too. */
function withFindings(definition: CodeKeywordDefinition): CodeKeywordDefinition {
  return {
    ...definition,
    code(cxt, ruleType) {
      const subschema = cxt.subschema.bind(cxt);
      cxt.subschema = (application, valid) => subschema({ ...application, createErrors: true }, valid);
      definition.code(cxt, ruleType);
    },
  };
}
