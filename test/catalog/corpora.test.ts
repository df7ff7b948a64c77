/** Catalogs of public agent benchmarks, and whether the plans beside them keep to them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile, memoryHost, renderDiagnostic } from '../../compiler/index.ts';
import { directoryHost } from '../../bundles/directory-host.ts';
import { folder, plansOf, present } from '../corpora/corpora.ts';
import type { Plan } from '../corpora/corpora.ts';
import { bundleOf, compileMemory } from '../support/decide.ts';
import type { Bundle } from '../../runtime/evaluate.ts';
import { SETTINGS } from './support.ts';

async function bundleOfCatalog(file: string): Promise<{ readonly bundle: Bundle; readonly bytes: number }> {
  const compiled = await compileMemory({
    'plan-lint.yaml': 'catalog: tools.json',
    'p.yaml': SETTINGS,
    'tools.json': readFileSync(join(folder, file), 'utf8'),
  });
  return { bundle: await bundleOf(compiled), bytes: compiled.module.code.length };
}

const broken = (bundle: Bundle, plans: readonly Plan[]): readonly string[] =>
  plans.flatMap((plan) =>
    bundle
      .policy()
      .evaluate(plan)
      .violations.map(({ rule, stepId, message }) => `${plan.id} ${stepId ?? ''} ${rule}: ${message}`),
  );

/** [catalog, its tools, most bytes of a module that holds its validators] */
const CATALOGS = [
  ['retail-tools.json', 16, 57_500],
  ['tmdb-tools.json', 46, 49_200],
  ['ultratool-tools.json', 260, 81_500],
  ['seal-tools.json', 1054, 1_000_000],
] as const;

describe.each(CATALOGS)('%s', (file, count, most) => {
  it.skipIf(!present(file))(
    'compiles whole, within its size',
    async () => {
      const { bundle, bytes } = await bundleOfCatalog(file);
      expect(bytes, `${bytes} bytes`).toBeLessThan(most);
      const { tools } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { tools: { name: string }[] };
      expect(tools).toHaveLength(count);
      const rulesOf = (tool: string): readonly string[] =>
        bundle
          .policy()
          .evaluate({ steps: [{ id: 's', tool, args: {} }] })
          .violations.map(({ rule }) => rule);
      expect(tools.filter(({ name }) => rulesOf(name).includes('tools'))).toEqual([]);
      expect(rulesOf('no_such_tool')).toEqual(['tools']);
    },
    120_000,
  );
});

const RETAIL = 'tau-bench-retail-train.jsonl';
it.skipIf(!present(RETAIL))(
  'every right answer of tau-bench retail keeps to its catalog, and no altered one does',
  async () => {
    const { bundle } = await bundleOfCatalog('retail-tools.json');
    const plans = plansOf(RETAIL);
    expect(plans).toHaveLength(500);
    expect(broken(bundle, plans)).toEqual([]);
    const altered = (change: (args: Readonly<Record<string, unknown>>) => object): readonly Plan[] =>
      plans.map((plan) => ({
        ...plan,
        steps: plan.steps.map((step, i) => (i === 0 ? { ...step, args: { ...change(step.args) } } : step)),
      }));
    const passes = (changed: readonly Plan[]): readonly string[] =>
      changed.filter((plan) => plan.steps.length > 0 && bundle.policy().allows(plan)).map(({ id }) => id);
    const first = (args: Readonly<Record<string, unknown>>): string => Object.keys(args)[0] ?? '';
    expect(passes(altered((args) => ({ ...args, [first(args)]: 7 })))).toEqual([]);
    expect(passes(altered(() => ({})))).toEqual([]);
  },
);

const SEAL = 'seal-tools-500.jsonl';
it.skipIf(!present(SEAL))(
  'finds the type slips of Seal-Tools: 43, of which 13 are whole references, whose values are not known yet',
  async () => {
    const { bundle } = await bundleOfCatalog('seal-tools.json');
    const { tools } = JSON.parse(readFileSync(join(folder, 'seal-tools.json'), 'utf8')) as {
      readonly tools: readonly {
        readonly name: string;
        readonly inputSchema: { readonly required: readonly string[] };
      }[];
    };
    const required = new Map(tools.map(({ name, inputSchema }) => [name, inputSchema.required]));
    const later = (names: readonly string[]): object =>
      Object.fromEntries(names.map((name) => [name, '${a.result.x}']));
    const slips = plansOf(SEAL).flatMap((plan) =>
      plan.steps.flatMap(({ id, tool, args }) =>
        // One argument a time, the others known later: a step is told by its first finding.
        Object.entries(args).flatMap(([name, value]) => {
          const one = { ...later([...(required.get(tool) ?? []), ...Object.keys(args)]), [name]: value };
          const { violations } = bundle
            .policy()
            .evaluate({ steps: [...STEPS, { id: 'b', tool, args: one }] }, { values: 'later' });
          return violations.some(({ argPath, stepId }) => stepId === 'b' && argPath !== '')
            ? [`${plan.id} ${id} ${name}`]
            : [];
        }),
      ),
    );
    expect(new Set(slips).size).toBe(43 - 13);
  },
  120_000,
);

/** What references in one of the steps may refer to. */
const STEPS = ['a', ...Array.from({ length: 12 }, (_, i) => `s${i + 1}`)].map((id) => ({
  id,
  tool: 'none',
  args: {},
}));

const POLICIES = fileURLToPath(new URL('../../policies', import.meta.url));
it.skipIf(!present(RETAIL))(
  'the retail policies go with the catalog of retail',
  async () => {
    const files = new Map(
      (await directoryHost(POLICIES).readPolicyFiles()).map(({ path, text }) => [path, text ?? '']),
    );
    const entry = 'domains/retail/customer-service.yaml';
    const { result, diagnostics } = await compile(
      memoryHost({
        ...Object.fromEntries(files),
        'plan-lint.yaml': 'catalog: tools.json\nentries: [strict.yaml]',
        'strict.yaml': `name: strict\nextends: [${entry}]\n${SETTINGS}`,
        'tools.json': readFileSync(join(folder, 'retail-tools.json'), 'utf8'),
      }),
    );
    // The library's base policy names tools of all trades.
    const retail = diagnostics.filter(({ span }) => span?.file.path === entry);
    expect(retail.map(renderDiagnostic)).toEqual([]);
    expect(result).not.toBeNull();
  },
  60_000,
);
