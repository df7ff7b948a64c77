/** Persons, look-alike files, bases that every entry must stand on, locks. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { releasePredicate } from '../../bundles/predicate.ts';
import { personOf } from '../../compiler/1-parse/person.ts';
import { compile, lint, memoryHost } from '../../compiler/index.ts';
import type { CompileOptions } from '../../compiler/index.ts';
import { compileMemory, diagnose } from '../support/decide.ts';

const BASE = 'rules:\n  - { rule: large, pattern: { tool: a, operation: n_gt, value: 10 } }\n';

async function codes(files: Readonly<Record<string, string>>, options: CompileOptions = {}): Promise<string> {
  const { diagnostics } = await compile(memoryHost(files), options);
  return diagnostics.map(({ code, span }) => `${span?.file.path ?? ''} ${code}`).join(', ');
}

describe('a person', () => {
  test.each([
    'ALICE@acme.example',
    'Alice <alice@acme.example>',
    '"A. Lice" <MAILTO:alice@acme.example>',
    'mailto:alice@acme.example',
    'alice+approver@acme.example',
    'alice@acme.example.',
    'alice @acme.example',
    'alice (on call)@acme.example',
    '\u0430lice@acme.example',
    'al\u0456ce@acme.example',
    'ali\u00adce@acme.example',
    'alice\u200b@acme.example',
    '\uff41lice\uff20acme.example',
  ])('%s is alice@acme.example', (written) => {
    expect(personOf(written)).toBe('alice@acme.example');
  });

  test.each(['bob@acme.example', 'alice@other.example', 'alicia@acme.example', 'alice'])(
    '%s is somebody else',
    (written) => {
      expect(personOf(written)).not.toBe('alice@acme.example');
    },
  );

  test('by a name without an address', () => {
    expect(personOf(' Alice  Doe. ')).toBe(personOf('alice doe'));
    expect(personOf('alice doe')).not.toBe(personOf('bob doe'));
  });
});

describe('files that pass for one another', () => {
  test.each([
    ['in case', 'Base.yaml'],
    ['in a letter of another alphabet', 'b\u0430se.yaml'],
    ['in what is not seen', 'base\u200b.yaml'],
    ['in a folder', 'TEAMS/x.yaml'],
  ])('differ %s', async (_, path) => {
    const files = { 'base.yaml': BASE, 'teams/x.yaml': BASE, [path]: 'max_steps: 9\n' };
    expect(await codes(files)).toMatch(/PL2014/);
  });

  test('a name that is the path of another file, and names that are just names', async () => {
    expect(await codes({ 'base.yaml': BASE, 'x.yaml': 'name: base.yaml\nmax_steps: 9\n' })).toBe(
      'x.yaml PL2014',
    );
    expect(await codes({ 'base.yaml': `name: base\n${BASE}`, 'x.yaml': 'max_steps: 9\n' })).toBe('');
  });
});

describe('a base that every entry must stand on', () => {
  const files = { 'base.yaml': BASE, 'mid.yaml': 'extends: base.yaml\n', 'team.yaml': 'extends: mid.yaml\n' };
  const sha256 = createHash('sha256').update(BASE).digest('hex');
  const loose = { ...files, 'loose.yaml': 'max_steps: 9\n' };

  test('is named in the configuration, or by a pipeline', async () => {
    const configured = { 'plan-lint.yaml': 'require_base: [base.yaml]\n' };
    expect(await codes({ ...files, ...configured })).toBe('');
    expect(await codes({ ...loose, ...configured })).toBe('loose.yaml PL2016');
    expect(await codes(loose, { requireBase: [{ file: 'base.yaml', sha256: null }] })).toBe(
      'loose.yaml PL2016',
    );
    expect(await codes(loose, { entries: ['team'], requireBase: [{ file: 'base.yaml', sha256 }] })).toBe('');
    const other = { file: 'base.yaml', sha256: sha256.replace(/^./, sha256.startsWith('0') ? '1' : '0') };
    expect(await codes(files, { requireBase: [other] })).toBe(' PL2013');
  });

  test('stands in the statement with its digest', async () => {
    const compiled = await compileMemory({ ...files, 'plan-lint.yaml': 'require_base: [base.yaml]\n' });
    const { require_base: bases } = releasePredicate('acme', compiled, {}, 0);
    expect(JSON.stringify(bases)).toContain(sha256);
    expect(JSON.stringify(bases)).toContain('base.yaml');
  });

  test('is what lint asks for where nobody has said it', async () => {
    const warned = async (more: Readonly<Record<string, string>>): Promise<readonly string[]> => {
      const { diagnostics } = await lint(memoryHost({ ...files, ...more }), { now: 0, warnExpiry: 0 });
      return diagnostics.map(({ code, span }) => `${span?.file.path ?? ''} ${code}`);
    };
    expect(await warned({})).toEqual([]);
    expect(await warned({ 'loose.yaml': 'max_steps: 9\n' })).toEqual(['loose.yaml PL4142']);
    expect(await warned({ 'loose.yaml': 'extends: []\nmax_steps: 9\n' })).toEqual(['loose.yaml PL4143']);
    // A list of entries, a default entry and a name like the base's hide nothing.
    const listed = { 'loose.yaml': 'name: mid\nmax_steps: 9\n', 'plan-lint.yaml': 'entries: [loose.yaml]\n' };
    expect(await warned(listed)).toEqual(['loose.yaml PL4142']);
  });
});

describe('a lock', () => {
  const open = 'params: { p: { type: number, value: 10, mode: default, domain: [0, 99] } }\n';
  const files = (mid: string, team: string): Readonly<Record<string, string>> => ({
    'base.yaml': `${open}rules: [{ rule: r, pattern: { tool: a, operation: n_gt, value: "\${params.p}" } }]\n`,
    'mid.yaml': `extends: base.yaml\nparams: { p: ${mid} }\n`,
    'team.yaml': `extends: mid.yaml\n${team}`,
  });

  test('on a parameter with a default keeps the value for children, in one branch or both', async () => {
    expect(await codes(files('5', 'params: { p: 99 }\n'))).toBe('');
    expect(await codes(files('{ value: 5, final: true }', 'params: { p: 99 }\n'))).toBe('team.yaml PL2210');
    expect(await codes(files('{ value: 5, final: true }', 'params: { p: 5 }\n'))).toBe('');
    const both = {
      ...files('{ value: 5, final: true }', ''),
      'side.yaml': 'extends: base.yaml\nparams: { p: 5 }\n',
      'join.yaml': 'extends: [side.yaml, mid.yaml]\nparams: { p: 9 }\n',
    };
    expect(await codes(both)).toBe('join.yaml PL2210');
  });

  test('a list in another order is the same list, and a text that looks like a number is told from it', async () => {
    const listed = (value: string, child: string): Readonly<Record<string, string>> => ({
      'base.yaml': `params: { p: { type: list, value: ${value} } }\nrules: [{ rule: r, pattern: { tool: a, operation: n_in, value: "\${params.p}" } }]\n`,
      'team.yaml': `extends: base.yaml\nparams: { p: ${child} }\n`,
    });
    expect(await codes(listed('[x, 1, y]', '[y, x, 1]'))).toBe('');
    expect(await codes(listed('[x, 1]', '[x, 1, 1]'))).toBe('team.yaml PL2210');
    const [text] = await diagnose(listed('[x, 1]', '[x, "1"]'));
    expect(text).toContain('[x, "1"]');
    expect(text).toContain('[x, 1]');
  });

  test('on a binding says nothing of type and domain', async () => {
    expect(await codes(files('{ value: 5, final: true, domain: [0, 9] }', ''))).toBe('mid.yaml PL1103');
    expect(await codes(files('{ value: 5 }', ''))).toContain('PL1103');
  });
});
