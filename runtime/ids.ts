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
export class StepIds {
  #slots = new Int32Array(128);
  /** Slots at or below this number are left over from plans before. */
  #base = 0;
  #steps = 0;
  #mask = 127;
  #map: Map<string, number> | null = null;

  /** Starts a plan of so many steps. */
  reset(steps: number): void {
    this.#map = null;
    this.#base += this.#steps;
    this.#steps = steps;
    if (steps * 2 > this.#slots.length || this.#base > 0x3fffffff) {
      let size = this.#slots.length;
      while (size < steps * 2) size *= 2;
      this.#slots = new Int32Array(size);
      this.#mask = size - 1;
      this.#base = 0;
    }
  }

  /** Takes the id of a step; the index of the step that had it before, or -1. */
  take(id: string, index: number, steps: readonly unknown[]): number {
    if (this.#map !== null) return this.#takeMapped(id, index);
    const length = id.length;
    let hash = length;
    for (let i = length > 6 ? length - 6 : 0; i < length; i += 1) hash = (hash * 31 + id.charCodeAt(i)) | 0;
    hash ^= hash >>> 11;
    for (let probe = 0; probe < MOST_PROBES; probe += 1) {
      const slot = (hash + probe) & this.#mask;
      const taken = (this.#slots[slot] ?? 0) - this.#base - 1;
      if (taken < 0) {
        this.#slots[slot] = this.#base + 1 + index;
        return -1;
      }
      if ((steps[taken] as WithId).id === id) return taken;
    }
    this.#map = new Map(steps.slice(0, index).map((step, i) => [String((step as WithId).id), i]));
    return this.#takeMapped(id, index);
  }

  #takeMapped(id: string, index: number): number {
    const found = this.#map?.get(id);
    if (found !== undefined) return found;
    this.#map?.set(id, index);
    return -1;
  }
}
