/** Exceptions to the rules of a random policy: some in force when it is asked, some not. */
import fc from 'fast-check';

const exception = fc
  .record(
    {
      tool: fc.constantFrom<unknown>('pay.*', 'mail', ['db.*', 'pay.send'], '*'),
      context: fc.constantFrom({ role: 'admin' }, { role: ['guest', 'admin'] }, { 'limits.daily': [100, 7] }),
      notBefore: fc.constantFrom('2025-01-01T00:00:00Z', '2026-03-01T00:00:00Z'),
      expires: fc.constantFrom('2026-01-01T00:00:00Z', '2026-05-01T00:00:00Z', '2027-01-01T00:00:00Z'),
    },
    { requiredKeys: ['expires'] },
  )
  .filter(({ tool, context, notBefore = '', expires }) => {
    return (tool !== undefined || context !== undefined) && notBefore < expires;
  });

/** A policy file with up to three exceptions to its first rules. */
export const withExceptions = (file: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(file, fc.array(fc.tuple(fc.nat({ max: 7 }), exception), { maxLength: 3 })).map(([text, all]) => {
    const content = JSON.parse(text) as { readonly rules: readonly { readonly rule: string }[] };
    const exceptions = all.flatMap(([number, { tool, context, notBefore, expires }], i) => {
      const rule = content.rules[number]?.rule;
      if (rule === undefined) return [];
      const scope = { ...(tool !== undefined && { tool }), ...(context && { context }) };
      const people = { requested_by: 'alice@acme.example', approved_by: 'bob@acme.example' };
      const term = { ...(notBefore !== undefined && { not_before: notBefore }), expires };
      return [{ rule, scope, reason: `because of ${i}`, ticket: `SEC-${i}`, ...people, ...term }];
    });
    return exceptions.length === 0 ? text : JSON.stringify({ ...content, exceptions });
  });
