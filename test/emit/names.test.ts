import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { directoryHost } from '../../bundles/directory-host.ts';
import { compileMemory } from '../support/decide.ts';
import { nameProblems } from '../support/names.ts';

/** Conditions whose variables and constants are many: macros in macros, patterns beside them, constants computed once. */
const CONDITIONS = [
  'step.args.n > 5 && step.args.x.matches("z")',
  'step.args.a.exists(i, i.b.all(j, j > i.c && j.d.matches("y+")) || i.e.matches("x"))',
  'cel.bind(n, step.args.n, n > 1 ? n < 5 || step.tool.matches("^q") : n == 0)',
  'now < timestamp("2030-01-01T00:00:00Z") && step.args.m.transformMap(k, v, k + v).size() > 2',
];

describe('names in an emitted module', () => {
  it('of its functions never hide those of its top level, and none is free', async () => {
    const rules = CONDITIONS.flatMap((when, i) => [
      { rule: `r${i}`, when },
      { rule: `m${i}`, pattern: { tool: 't', arg: 'x', operation: 'matches', value: `(a|b)+${i}` } },
    ]);
    const { module } = await compileMemory({ 'p.yaml': JSON.stringify({ rules }) });
    expect(nameProblems(module.code)).toEqual({ hidden: [], free: [] });
  });

  it('are apart in the library, validators included', async () => {
    const library = fileURLToPath(new URL('../../policies', import.meta.url));
    const { result } = await compile(directoryHost(library));
    expect(nameProblems(result?.module.code ?? '')).toEqual({ hidden: [], free: [] });
  });

  it('are found to clash where they do', () => {
    const clash =
      'export default(function(k){const{a}=(()=>1)();const t1=1;return t2=>{let t1=t2;return t1+x}});';
    expect(nameProblems(clash)).toEqual({ hidden: ['t1'], free: ['x'] });
  });
});
