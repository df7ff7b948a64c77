/** A plan whose arguments have been read: in the place of each text that refers to other steps stands what is known of it. */
import type { ToolCatalog } from '../../compiler/ir/catalog.ts';
import { onceFor } from './once.ts';
import { withReferences } from './references.ts';
import type { OraclePlan, OracleStep } from './shape.ts';

type Plan = OraclePlan['plan'];

const NO_CATALOG = {};

/** A plan is asked about more than once, and as a rule of one catalog. */
const readings = onceFor((plan: Plan) =>
  onceFor((catalog: ToolCatalog | typeof NO_CATALOG): Plan => ({
    ...plan,
    steps: plan.steps.map((step) => ({
      ...step,
      args: withReferences(step.args, templatesOf(catalog, step.tool)) as OracleStep['args'],
    })),
  })),
);

export const readSteps = (plan: Plan, catalog: ToolCatalog | null): Plan =>
  readings(plan)(catalog ?? NO_CATALOG);

/** The arguments of a tool in which the catalog says that nothing is a reference. */
function templatesOf(catalog: Partial<ToolCatalog>, tool: string): readonly string[] {
  const declared = catalog.tools?.get(tool)?.input['properties'] ?? {};
  return Object.entries(declared).flatMap(([name, schema]) =>
    (schema as Readonly<Record<string, unknown>>)['x-plan-lint-template'] === true ? [name] : [],
  );
}
