import type { NamePathPair, RequireAfterTest, RequireBeforeTest } from '../../ir/program.ts';
import { js, literal } from '../../code/code.ts';
import type { Code } from '../../code/code.ts';
import type { Scope, SupportName } from '../scope.ts';
import { narrowingMember } from './narrowing.ts';
import { emitTools } from './tools.ts';

export function emitRequireBefore(test: RequireBeforeTest, scope: Scope, by: SupportName): Code {
  return js`${scope.support(by)}({${emitPairing(test, test.before, scope)},comesLater:${literal(false)}})`;
}

export function emitRequireAfter(test: RequireAfterTest, scope: Scope, by: SupportName): Code {
  const failing = literal(test.onFailure);
  // A plan has nothing that is owed: only a session is told what it may admit until then.
  const fence =
    test.whileOwed === null || by === 'requireAfter'
      ? js``
      : js`,whileOwed:${emitTools(test.whileOwed, scope)}`;
  return js`${scope.support(by)}({${emitPairing(test, test.after, scope)},comesLater:${literal(true)},failing:${failing}${fence}})`;
}

/** The members of a `Pairing`. */
function emitPairing(
  test: RequireBeforeTest | RequireAfterTest,
  others: readonly string[],
  scope: Scope,
): Code {
  const { tools, same, order } = test;
  const here = literal(same.map((pair) => pair.here));
  const there = literal(same.map((pair) => pair.there));
  const listed = literal(order === 'listed');
  const says = literal(`a step of ${shown(others)}${shownPairs(same)}`);
  return js`tool:${emitTools(tools, scope)},other:${emitTools(others, scope)},here:${here},there:${there},listed:${listed},says:${says}${narrowingMember(test, scope)}`;
}

const shown = (globs: readonly string[]): string => globs.map((glob) => `\`${glob}\``).join(' or ');

function shownPairs(same: readonly NamePathPair[]): string {
  if (same.length === 0) return '';
  const pairs = same.map((pair) => {
    const [here, there] = [pair.here.join('.'), pair.there.join('.')];
    return here === there ? `\`${here}\`` : `\`${here}\` (\`${there}\` there)`;
  });
  return ` with the same ${pairs.join(', ')}`;
}
