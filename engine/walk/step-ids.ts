declare const Map: MapConstructor;
declare const Int32Array: Int32ArrayConstructor;

/** What ids are compared by. */
interface WithId {
  readonly id?: unknown;
}

/** Looks at so many places at most; a plan whose ids were chosen to collide gets a `Map`. */
const MOST_PROBES = 8;

/**
 * Finds step ids that occur twice, without allocating: an open-addressed table of step numbers, kept from plan to
 * plan. A `Map` would be emptied and grown for every plan, which costs more than all rules of a small policy.
 */
export interface StepIds {
  slots: Int32Array;
  /** Slots at or below this number are left over from plans before. */
  base: number;
  steps: number;
  mask: number;
  map: Map<string, number> | null;
}

export function newIds(): StepIds {
  return { slots: new Int32Array(128), base: 0, steps: 0, mask: 127, map: null };
}

/** Starts a plan of so many steps. */
export function resetIds(ids: StepIds, steps: number): void {
  ids.map = null;
  ids.base += ids.steps;
  ids.steps = steps;
  if (steps * 2 > ids.slots.length || ids.base > 0x3fffffff) {
    let size = ids.slots.length;
    while (size < steps * 2) size *= 2;
    ids.slots = new Int32Array(size);
    ids.mask = size - 1;
    ids.base = 0;
  }
}

/** Takes the id of a step; the index of the step that had it before, or -1. */
export function takeId(ids: StepIds, id: string, index: number, steps: readonly unknown[]): number {
  if (ids.map !== null) return takeMapped(ids.map, id, index);
  const { length } = id;
  let hash = length;
  for (let i = length > 6 ? length - 6 : 0; i < length; i += 1) hash = (hash * 31 + id.charCodeAt(i)) | 0;
  hash ^= hash >>> 11;
  for (let probe = 0; probe < MOST_PROBES; probe += 1) {
    const slot = (hash + probe) & ids.mask;
    const taken = (ids.slots[slot] ?? 0) - ids.base - 1;
    if (taken < 0) {
      ids.slots[slot] = ids.base + 1 + index;
      return -1;
    }
    if ((steps[taken] as WithId).id === id) return taken;
  }
  ids.map = new Map(steps.slice(0, index).map((step, i) => [(step as WithId).id as string, i]));
  return takeMapped(ids.map, id, index);
}

function takeMapped(map: Map<string, number>, id: string, index: number): number {
  const found = map.get(id);
  if (found !== undefined) return found;
  map.set(id, index);
  return -1;
}
