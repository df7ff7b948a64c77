/** The bundles that decide, by name, and which policy a request means. */
import type { Policy } from '@plan-lint/runtime';
import { PolicyStatus } from './status.ts';
import type { Slot } from './slot.ts';

/** What a name means: an entry of a bundle, or a bundle with all of them (`entry: null`). */
export interface Meaning {
  readonly slot: Slot;
  readonly entry: string | null;
}

/** What a request is decided with: it stays the same from its start to its end. */
export interface Chosen {
  readonly slot: Slot;
  readonly policy: Policy;
}

export class Registry {
  readonly #default: string | null;
  readonly #statuses = new Map<string, PolicyStatus>();
  readonly #held: (() => Iterable<Slot>)[] = [];
  /** Of the statuses: looked at by every request. */
  #slots: readonly Slot[] = [];

  /** @param standard - the bundle that is meant where nobody names one and there are several */
  constructor(standard: string | null) {
    this.#default = standard;
  }

  statusOf(name: string): PolicyStatus {
    const found = this.#statuses.get(name) ?? new PolicyStatus();
    this.#statuses.set(name, found);
    return found;
  }

  get statuses(): ReadonlyMap<string, PolicyStatus> {
    return this.#statuses;
  }

  get slots(): readonly Slot[] {
    return this.#slots;
  }

  #note(): void {
    this.#slots = [...this.#statuses.values()].flatMap(({ slot }) => slot ?? []);
  }

  /** Tells of bundles that decide somewhere, whatever has taken their place here. */
  alsoHeld(slots: () => Iterable<Slot>): void {
    this.#held.push(slots);
  }

  /** Every bundle that decides anything. */
  get inUse(): ReadonlySet<Slot> {
    return new Set([...this.slots, ...this.#held.flatMap((slots) => [...slots()])]);
  }

  slot(name: string): Slot | null {
    return this.#statuses.get(name)?.slot ?? null;
  }

  /** The bundle that is meant where nobody names one; `null` where there is none, or nobody says which. */
  get standard(): Slot | null {
    if (this.#default !== null) return this.slot(this.#default);
    const { slots } = this;
    return slots.length === 1 ? (slots[0] ?? null) : null;
  }

  /** The bundle that decides and has this digest. */
  deciding(digest: string): Slot | null {
    return this.slots.find(({ bundle }) => bundle.identity.digest === digest) ?? null;
  }

  put(slot: Slot): void {
    this.statusOf(slot.bundle.identity.name).slot = slot;
    this.#note();
  }

  remove(name: string): void {
    this.#statuses.delete(name);
    this.#note();
  }

  /**
   * @param asked - an entry of the standard bundle, a bundle, or `bundle/entry`; `null` for what decides by default
   * @returns `'unknown'` for a name that nothing has, `'none'` where no bundle decides
   */
  choose(asked: string | null): Chosen | 'unknown' | 'none' {
    const { standard } = this;
    if (asked === null) return standard ? { slot: standard, policy: standard.bundle.policy() } : 'none';
    const meant = this.meaningOf(asked);
    if (meant) return { slot: meant.slot, policy: meant.slot.bundle.policy(meant.entry ?? undefined) };
    return this.slots.length === 0 ? 'none' : 'unknown';
  }

  /**
   * Names that are asked, and names that a team is bound to, mean the same.
   *
   * @param named - an entry of the standard bundle, a bundle, or `bundle/entry`
   * @returns `null` for a name that nothing has
   */
  meaningOf(named: string): Meaning | null {
    const { standard } = this;
    if (standard?.bundle.entries.includes(named)) return { slot: standard, entry: named };
    for (const slot of this.slots) {
      const { name } = slot.bundle.identity;
      if (named === name) return { slot, entry: null };
      const entry = named.startsWith(`${name}/`) ? named.slice(name.length + 1) : null;
      if (entry !== null && slot.bundle.entries.includes(entry)) return { slot, entry };
    }
    return null;
  }
}
