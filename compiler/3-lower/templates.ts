import type { ToolCatalog } from '../ir/catalog.ts';
import type { Program } from '../ir/program.ts';
import { isObject } from '../ir/schema.ts';

/** What the schema of an argument says where a text in it is meant as it stands: a workflow file, a page of Jinja. */
export const TEMPLATE = 'x-plan-lint-template';

/** The tools of a catalog with arguments in which nothing is a reference. */
export function templatesOf(catalog: ToolCatalog | null): Program['templates'] {
  return [...(catalog?.tools ?? [])].flatMap(([tool, { input }]) => {
    const { properties = {} } = input;
    if (!isObject(properties)) return [];
    const args = Object.entries(properties).flatMap(([name, schema]) =>
      isObject(schema) && schema[TEMPLATE] === true ? [name] : [],
    );
    return args.length === 0 ? [] : [{ tool, args }];
  });
}
