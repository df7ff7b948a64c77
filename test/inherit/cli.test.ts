/** `explain`, `graph` and `diff` as people run them. */
import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../cli/program.ts';
import { workplace } from '../support/io.ts';
import type { Workplace } from '../support/io.ts';
import { BASE } from './support.ts';

const TEAM = `extends: base.yaml
max_steps: 10
params: { }
refine:
  - rule: large_transfer
    severity: critical
    value: 5000
exceptions:
  - rule: large_transfer
    scope: { context: { environment: development } }
    reason: load tests
    ticket: SEC-7
    requested_by: alice
    approved_by: bob
    expires: 2099-01-01T00:00:00Z
`;

let place: Workplace;
beforeEach(() => {
  place = workplace();
  for (const directory of ['old', 'new', 'plans']) mkdirSync(place.path(directory));
  for (const directory of ['old', 'new']) {
    place.write(`${directory}/base.yaml`, BASE);
    place.write(`${directory}/team.yaml`, TEAM);
  }
  const step = { id: 's1', tool: 'payments.wire', args: { amount: 7000 } };
  place.write('plans/wire.json', JSON.stringify({ steps: [step] }));
});
afterEach(() => place.remove());

const cli = async (line: string): Promise<number> => run(line.split(' '), place.io);

describe('explain', () => {
  test('a setting: every line that had a say', async () => {
    expect(await cli('explain max_steps --policy-dir new --entry team')).toBe(0);
    expect(place.out()).toBe(`max_steps in team (team.yaml): 10; severity high, deny, weight 0.4
  base.yaml:14:16  20
  team.yaml:2:12   10
`);
  });

  test('a rule, with what was refined and what is waived', async () => {
    expect(await cli('explain large_transfer --policy-dir new')).toBe(0);
    expect(place.out()).toBe(`large_transfer in team (team.yaml): severity critical, deny, weight 0.8
  base.yaml:4:15  declared: severity high, deny, weight 0.4
  team.yaml:5:11  refined: severity critical, weight 0.8, value 5000
  waived at team.yaml:9:11 until 2099-01-01T00:00:00Z: SEC-7, load tests (approved by bob)
`);
  });

  test('as JSON', async () => {
    expect(await cli('explain fail_risk_threshold --policy-dir new --format json')).toBe(0);
    expect(JSON.parse(place.out())).toEqual({
      target: 'fail_risk_threshold',
      entries: [
        {
          entry: 'team',
          file: 'team.yaml',
          value: '0.7',
          chain: [{ file: 'base.yaml', line: 18, column: 26, says: '0.7' }],
          exceptions: [],
        },
      ],
    });
  });

  test('a default of the language, a bound as it is written, and a name that is not there', async () => {
    expect(await cli('explain aggregate --policy-dir new')).toBe(0);
    expect(place.out()).toContain('a default of the language');
    expect(await cli('explain bounds.payments.transfer.amount --policy-dir new')).toBe(0);
    expect(place.out()).toContain('base.yaml:16:15  [0, 50000]');
    expect(await cli('explain large_transfr --policy-dir new')).toBe(2);
    expect(place.err()).toContain('did you mean `large_transfer`?');
  });

  test('the name of all bounds, of a parameter without its prefix, and of a setting that no file sets', async () => {
    place.write(
      'bare/team.yaml',
      'params: { limit: { type: number, value: 5 } }\nbounds: { pay.amount: [0, 5] }\n',
    );
    expect(await cli('explain bounds --policy-dir bare')).toBe(2);
    expect(place.err()).toContain('did you mean `bounds.pay.amount`?');
    expect(await cli('explain limit --policy-dir bare')).toBe(2);
    expect(place.err()).toContain('did you mean `params.limit`?');
    expect(await cli('explain max_steps --policy-dir bare')).toBe(2);
    expect(place.err()).toMatch(/no entry has `max_steps`\n.*no file sets it/);
  });

  test('a plan: the findings, the tests that held, the lines', async () => {
    expect(await cli('explain plans/wire.json --policy-dir new')).toBe(1);
    const out = place.out();
    expect(out).toContain('DENIED  plans/wire.json');
    expect(out).toContain('held: `amount` is greater than 5000');
    expect(out).toContain('team.yaml:5:11  refined: severity critical, weight 0.8, value 5000');
    expect(await cli('explain plans/wire.json --policy-dir new --context environment=development')).toBe(0);
    expect(place.out()).toContain('waived by SEC-7');
    expect(await cli('explain plans/wire.json --policy-dir new --format json')).toBe(1);
    expect(JSON.parse(place.out())).toMatchObject({ status: 'deny', findings: [{ rule: 'large_transfer' }] });
  });
});

describe('graph', () => {
  test('as Mermaid', async () => {
    expect(await cli('graph --policy-dir new')).toBe(0);
    expect(place.out()).toBe(`graph TD
  p0["base<br/>base.yaml"]
  p1[["team<br/>team.yaml"]]
  p0 --> p1
`);
  });

  test('as SVG', async () => {
    expect(await cli('graph --policy-dir new --format svg')).toBe(0);
    const out = place.out();
    expect(out).toMatch(/^<svg xmlns=/);
    expect(out.match(/<rect/g)).toHaveLength(2);
    expect(out.match(/<line/g)).toHaveLength(1);
  });
});

describe('diff', () => {
  const replace = (from: string, to: string, file = 'team'): void =>
    place.write(`new/${file}.yaml`, (file === 'team' ? TEAM : BASE).replace(from, to));

  test('of equal policies', async () => {
    expect(await cli('diff old new')).toBe(0);
    expect(place.out()).toBe('nothing got stricter or looser\n');
  });

  test('a stricter rule, with a plan that is stopped only now', async () => {
    replace('value: 5000', 'value: 4000');
    expect(await cli('diff old new')).toBe(0);
    expect(place.out()).toBe(
      'STRICTER      team: large_transfer (fires on other plans)\n' +
        '    stopped only now: {"id":"counterexample","steps":[{"id":"s1","tool":"payments.transfer","args":{"amount":5000}}]}\n',
    );
  });

  test('a looser rule, with a plan that is stopped no longer, and the plans it changes', async () => {
    replace('value: 5000', 'value: 8000');
    expect(await cli('diff old new --plans-dir plans')).toBe(1);
    const out = place.out();
    expect(out).toContain('LOOSER        team: large_transfer (fires on other plans)');
    expect(out).toContain('stopped no longer: {"id":"counterexample"');
    expect(out).toContain('LOOSER        plan wire.json: deny → pass');
  });

  test('plans wherever validate-batch finds them; what cannot be read is said', async () => {
    replace('value: 5000', 'value: 8000');
    const wire = '{"steps":[{"id":"s1","tool":"payments.wire","args":{"amount":7000}}]}';
    mkdirSync(place.path('plans/deep'));
    place.write('plans/deep/y.json', wire);
    place.write('plans/x.jsonl', `${wire}\n\n${wire}\n`);
    place.write('plans/list.json', `[${wire}]\n`);
    expect(await cli('diff old new --plans-dir plans')).toBe(1);
    const plans = ['deep/y.json', 'list.json[0]', 'wire.json', 'x.jsonl:1', 'x.jsonl:3'];
    const out = place.out();
    for (const plan of plans) expect(out).toContain(`LOOSER        plan ${plan}: deny → pass`);
    place.write('new/team.yaml', TEAM);
    place.write('plans/broken.json', '{"steps":');
    expect(await cli('diff old new --plans-dir plans')).toBe(1);
    expect(place.out()).toMatch(/^UNREAD {8}plan broken\.json: the plan cannot be read: /);
    mkdirSync(place.path('empty'));
    expect(await cli('diff old new --plans-dir empty')).toBe(2);
    expect(place.err()).toContain('there is no plan in `empty`');
  });

  test('an incomparable rule, a removed one, a new exception, a raised limit', async () => {
    replace('matches, value: "DROP|1=1"', 'matches, value: "DROP|--"', 'base');
    expect(await cli('diff old new')).toBe(1);
    expect(place.out()).toMatch(/^INCOMPARABLE {2}team: sql .*\n.*"note":"--".*\n.*"note":"1=1"/);
    replace('      - rule: notes', '      - rule: memos', 'base');
    expect(await cli('diff old new --format json')).toBe(1);
    const { changes } = JSON.parse(place.out()) as { changes: readonly object[] };
    expect(changes).toMatchObject([
      { what: 'notes', direction: 'looser', says: 'removed' },
      { what: 'memos', direction: 'stricter', says: 'added' },
    ]);
    place.write('new/base.yaml', BASE);
    replace('max_steps: 10', 'max_steps: 11');
    expect(await cli('diff old new')).toBe(1);
    expect(place.out()).toContain('LOOSER        team: max_steps (10 → 11)');
    replace('ticket: SEC-7', 'ticket: SEC-8');
    expect(await cli('diff old new')).toBe(0);
    place.write('old/team.yaml', TEAM.slice(0, TEAM.indexOf('exceptions:')));
    expect(await cli('diff old new')).toBe(1);
    expect(place.out()).toContain(
      'LOOSER        team: large_transfer (exception SEC-8 added: for every tool',
    );
  });

  test('a rule about the whole plan, and a condition in CEL', async () => {
    const says = (limit: number, when: string): string =>
      `rules:\n  - { rule: calls, max_calls: { tool: db.query, limit: ${limit} } }\n  - { rule: large, when: '${when}' }\n`;
    const diff = async (old: string, now: string): Promise<string> => {
      place.write('old/plain.yaml', old);
      place.write('new/plain.yaml', now);
      await cli('diff old new --entry plain');
      return place.out();
    };
    const [low, high] = ['step.args.n > 5', 'step.args.n > 8'];
    const calls = (count: number): string =>
      JSON.stringify({
        id: 'counterexample',
        steps: Array.from({ length: count }, (_, i) => ({ id: `s${i + 1}`, tool: 'db.query', args: {} })),
      });
    expect(await diff(says(3, low), says(3, low))).toBe('nothing got stricter or looser\n');
    expect(await diff(says(3, low), says(4, low))).toBe(
      'LOOSER        plain: calls (at most 3 calls of db.query → at most 4 calls of db.query)\n' +
        `    stopped no longer: ${calls(4)}\n`,
    );
    expect(await diff(says(3, low), says(3, high))).toBe(
      'LOOSER        plain: large (its `when` asks for more)\n' +
        '    stopped no longer: {"id":"counterexample","steps":[{"id":"s1","tool":"any_tool","args":{"n":6}}]}\n',
    );
    expect(await diff(says(3, high), says(2, low))).toBe(
      'STRICTER      plain: calls (at most 3 calls of db.query → at most 2 calls of db.query)\n' +
        `    stopped only now: ${calls(3)}\n` +
        'STRICTER      plain: large (its `when` asks for less)\n' +
        '    stopped only now: {"id":"counterexample","steps":[{"id":"s1","tool":"any_tool","args":{"n":8}}]}\n',
    );
  });

  test('bundles need a trust root', async () => {
    place.write('old.mjs', 'export default 1;');
    expect(await cli('diff old.mjs new')).toBe(2);
    expect(place.err()).toContain('needs --trust');
  });

  describe('of bundles', () => {
    beforeEach(async () => {
      expect(await cli('keygen --out keys --any-name')).toBe(0);
      replace('value: 5000', 'value: 8000');
      place.write('new/base.yaml', BASE.replace('weight: 0.3', 'weight: 0.4'));
      for (const side of ['old', 'new']) {
        for (const file of [`${side}.mjs`, `${side}.tar.gz`]) {
          const words = `bundle --policy-dir ${side} --output ${file} --key keys/signer.key --sequence 1`;
          expect(await cli(`${words} --name acme`)).toBe(0);
        }
      }
      place.out();
    });

    test('archives are compared by their sources, also with a directory', async () => {
      for (const sides of ['old.tar.gz new.tar.gz', 'old.tar.gz new', 'old new.tar.gz']) {
        expect(await cli(`diff ${sides} --trust keys/trust.json`)).toBe(1);
        const out = place.out();
        expect(out).toContain('LOOSER        team: large_transfer (fires on other plans)');
        expect(out).toContain('stopped no longer: {"id":"counterexample"');
        expect(out).toContain('STRICTER      team: notes (weight 0.3 → 0.4)');
      }
    });

    test('modules say what their rows say, and that conditions are compiled', async () => {
      for (const sides of ['old.mjs new.mjs', 'old.mjs new', 'old.tar.gz new.mjs']) {
        expect(await cli(`diff ${sides} --trust keys/trust.json`)).toBe(1);
        expect(place.out()).toBe(
          'STRICTER      all entries: notes (weight 0.3 → 0.4)\n' +
            'UNKNOWN       all entries: conditions (incomparable: conditions are compiled; pass the archive or --plans-dir)\n',
        );
      }
      expect(await cli('diff old.mjs old --trust keys/trust.json')).toBe(0);
    });

    test('what the trust root does not vouch for is not compared', async () => {
      place.write('old.mjs', 'export default 1;');
      expect(await cli('diff old.mjs new.mjs --trust keys/trust.json')).toBe(4);
    });
  });
});
