import { allLayers, rulesIn } from '../ir/layer.ts';
import type { Layer } from '../ir/layer.ts';
import type { ProgramRule } from '../ir/program.ts';

/**
 * A layer that stands for fewer rules than this (its own, for each user beyond the first) is made part of those that
 * stand on it: their tables, made in one piece, are a little faster than tables joined when they are first asked.
 */
export const SHARE_FROM = 2_000;

/** Joins layers that are not worth sharing with those above them. */
export function joinSmall(
  tops: readonly Layer<ProgramRule>[],
  shareFrom: number,
): (top: Layer<ProgramRule>) => Layer<ProgramRule> {
  const layers = allLayers(tops);
  const users = new Map<Layer<ProgramRule>, number>();
  for (const used of [...tops, ...layers.flatMap(({ base }) => base ?? [])]) {
    users.set(used, (users.get(used) ?? 0) + 1);
  }
  const isShared = (layer: Layer<ProgramRule>): boolean => {
    const more = (users.get(layer) ?? 0) - 1;
    return more > 0 && more * rulesIn(layer).length >= shareFrom;
  };
  const done = new Map<Layer<ProgramRule>, Layer<ProgramRule>>();
  const joined = (layer: Layer<ProgramRule>): Layer<ProgramRule> => {
    const known = done.get(layer);
    if (known) return known;
    const base = layer.base && joined(layer.base);
    const made = layer.base && base && !isShared(layer.base) ? together(base, layer) : { ...layer, base };
    done.set(layer, made);
    return made;
  };
  return joined;
}

function together(base: Layer<ProgramRule>, { dropped, added }: Layer<ProgramRule>): Layer<ProgramRule> {
  const own = new Set(base.added);
  return {
    base: base.base,
    dropped: new Set([...base.dropped, ...[...dropped].filter((rule) => !own.has(rule))]),
    added: [...base.added.filter((rule) => !dropped.has(rule)), ...added],
  };
}
