/** Two versions of the policies, entry by entry. */
import type { ToolCatalog } from '../ir/catalog.ts';
import { rulesIn } from '../ir/layer.ts';
import type { ResolvedPolicies, ResolvedPolicy } from '../ir/resolved.ts';
import { together } from '../laws/relation.ts';
import type { Relation } from '../laws/relation.ts';
import { asChange } from './change.ts';
import type { Change, Step } from './change.ts';
import { changesOf } from './changes.ts';

/** Where a change is of all entries. */
const ALL = '*';

/** What got stricter and what looser between two versions of the policies. */
export function comparePolicies(old: ResolvedPolicies, now: ResolvedPolicies): readonly Change[] {
  return [
    ...now.entries.flatMap((policy) => ofEntry(old, now, policy)),
    ...goneFrom(old, now),
    ...ofDefault(old, now),
    ...ofRequiredBase(old, now).flatMap((step) => asChange(ALL, 'require_base', step)),
  ];
}

const entryOf = ({ entries }: ResolvedPolicies, name: string | null): ResolvedPolicy | undefined =>
  entries.find((policy) => policy.name === name);

function ofEntry(old: ResolvedPolicies, now: ResolvedPolicies, policy: ResolvedPolicy): readonly Change[] {
  const known = entryOf(old, policy.name);
  if (!known) return asChange(policy.name, 'entry', newEntry(now));
  return [
    ...changesOf(known, policy),
    ...ofCatalog(old.catalog, now.catalog, known, policy).flatMap((step) =>
      asChange(policy.name, 'catalog', step),
    ),
  ];
}

/** Where all entries decide together one more only adds; where one is the default, it decides where it is named. */
const newEntry = ({ defaultEntry }: ResolvedPolicies): Step =>
  defaultEntry === null
    ? { direction: 'stricter', says: 'a new entry' }
    : { direction: 'unknown', says: 'a new entry, which decides where it is asked for by its name' };

function goneFrom(old: ResolvedPolicies, now: ResolvedPolicies): readonly Change[] {
  return old.entries
    .filter(({ name }) => !entryOf(now, name))
    .flatMap(({ name }) => asChange(name, 'entry', { direction: 'looser', says: 'no longer an entry' }));
}

/** Which entry decides where none is asked for. */
function ofDefault(old: ResolvedPolicies, now: ResolvedPolicies): readonly Change[] {
  const [was, is] = [old.defaultEntry, now.defaultEntry];
  if (was === is) return [];
  const says = `${was ?? 'all entries together'} → ${is ?? 'all entries together'}`;
  return asChange(ALL, 'default entry', { direction: directionOfDefault(old, now), says });
}

function directionOfDefault(old: ResolvedPolicies, now: ResolvedPolicies): Change['direction'] {
  const [was, is] = [old.defaultEntry, now.defaultEntry];
  if (was === null) return 'looser';
  // All of them are as strict as each of them.
  if (is === null) return entryOf(now, was) ? 'stricter' : 'unknown';
  const [before, after] = [entryOf(old, was), entryOf(now, is)];
  if (!before || !after) return 'unknown';
  const relation = together(changesOf(before, after).map(({ direction }) => relationOf(direction)));
  return relation === 'same' ? 'changed' : relation;
}

const relationOf = (direction: Change['direction']): Relation =>
  direction === 'changed' ? 'same' : direction;

/** What every entry must stand on, whatever it says itself. */
function ofRequiredBase(
  { requiredBase: old }: ResolvedPolicies,
  { requiredBase: now }: ResolvedPolicies,
): readonly Step[] {
  const pathsOf = (all: ResolvedPolicies['requiredBase'], pinned: boolean): readonly string[] =>
    all.filter(({ isPinned }) => isPinned || !pinned).map(({ file }) => file.path);
  const compare = (pinned: boolean, gone: string, added: string): readonly Step[] => {
    const [was, is] = [pathsOf(old, pinned), pathsOf(now, pinned)];
    return [
      ...was
        .filter((path) => !is.includes(path))
        .map((path): Step => ({ direction: 'looser', says: `\`${path}\` ${gone}` })),
      ...is
        .filter((path) => !was.includes(path))
        .map((path): Step => ({ direction: 'stricter', says: `\`${path}\` ${added}` })),
    ];
  };
  return [
    ...compare(false, 'is no longer required of every entry', 'is required of every entry now'),
    ...compare(true, 'is no longer pinned to its bytes', 'is pinned to its bytes now'),
  ];
}

/** Settings that read the same decide otherwise by another catalog. */
function ofCatalog(
  old: ToolCatalog | null,
  now: ToolCatalog | null,
  before: ResolvedPolicy,
  after: ResolvedPolicy,
): readonly Step[] {
  if (!old || !now) return [];
  const asked = (kind: 'only-catalog' | 'validate-args'): boolean =>
    [before, after].every(({ layer }) => rulesIn(layer).some((rule) => rule.kind === kind));
  const [onlyCatalog, validateArgs] = [asked('only-catalog'), asked('validate-args')];
  if (!onlyCatalog && !validateArgs) return [];
  const [added, removed] = [namesOnlyIn(now, old), namesOnlyIn(old, now)];
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  const steps = ofLeftOut(old.leftOut, now.leftOut);
  if (onlyCatalog && added.length > 0) {
    steps.push({ direction: 'looser', says: `a plan may use ${list(added)} now` });
  }
  if (onlyCatalog && removed.length > 0) {
    steps.push({ direction: 'stricter', says: `no plan may use ${list(removed)} any more` });
  }
  if (!validateArgs) return steps;
  const otherwise = [...old.tools.values()].filter(({ name, input }) => {
    const tool = now.tools.get(name.value);
    return tool !== undefined && JSON.stringify(tool.input) !== JSON.stringify(input);
  });
  const names = otherwise.map(({ name }) => name.value);
  // A tool that the catalog does not have has no schema to satisfy.
  const unheld = onlyCatalog ? [] : [...added, ...removed];
  if (names.length + unheld.length > 0) {
    steps.push({ direction: 'unknown', says: `other arguments are asked of ${list([...names, ...unheld])}` });
  }
  return steps;
}

/** Calls of a tool that is left out are denied. */
function ofLeftOut(old: ReadonlySet<string>, now: ReadonlySet<string>): Step[] {
  const without = (names: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
    [...names].filter((name) => !others.has(name));
  return [
    ...without(now, old).map((name): Step => ({ direction: 'stricter', says: `leaves out \`${name}\`` })),
    ...without(old, now).map((name): Step => ({
      direction: 'looser',
      says: `no longer leaves out \`${name}\``,
    })),
  ];
}

const namesOnlyIn = (catalog: ToolCatalog, other: ToolCatalog): readonly string[] =>
  [...catalog.tools.keys()].filter((name) => !other.tools.has(name));
