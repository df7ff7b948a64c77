/** The automata of one pattern in both directions, each made when first asked for. */
import type { ScanDirection } from '../../ir/pattern.ts';
import { buildAutomaton } from './automaton.ts';
import type { Automaton } from './states.ts';
import type { PatternLimits, TableLimits } from '../syntax/limits.ts';
import { minimise } from './minimise.ts';
import type { PatternNode } from '../syntax/node.ts';
import { TooManyStates, WrongDirection } from '../syntax/refusal.ts';
import { simulate, type Simulation } from './simulation.ts';
import { determinize, type Dfa } from './subset.ts';

/** Most automata are small as they are; the dear simulation is made for those that are not. */
const WITHOUT_SIMULATION = 128;

export class Automata {
  /** Why what was asked for could not be made; size goes before direction. */
  obstacle: TooManyStates | WrongDirection | undefined;
  readonly directions: readonly ScanDirection[];
  readonly #node: PatternNode;
  readonly #limits: PatternLimits;
  readonly #made = new Map<ScanDirection, Automaton | undefined>();
  readonly #simulations = new Map<ScanDirection, Simulation>();

  /** @param only this direction or none; for tests */
  constructor(node: PatternNode, limits: PatternLimits, only?: ScanDirection) {
    this.#node = node;
    this.#limits = limits;
    this.directions = only ? [only] : ['forward', 'reverse'];
  }

  nondeterministic(direction: ScanDirection): Automaton | undefined {
    if (!this.#made.has(direction)) {
      const { instructions, automaton: states } = this.#limits;
      const build = (): Automaton => buildAutomaton(this.#node, direction, { instructions, states });
      this.#made.set(direction, this.attempt(build));
    }
    return this.#made.get(direction);
  }

  /** The minimal deterministic automaton; its states may still exceed `limits.states`. */
  table(direction: ScanDirection, limits: TableLimits): Dfa | undefined {
    const automaton = this.nondeterministic(direction);
    if (!automaton) return undefined;
    const plain = this.attempt(() => determinize(automaton, Math.min(WITHOUT_SIMULATION, limits.raw)));
    if (plain) return minimise(plain);
    const simulation = this.#simulation(automaton, limits.threads);
    const large = this.attempt(() => determinize(automaton, limits.raw, simulation));
    return large && minimise(large);
  }

  #simulation(automaton: Automaton, most: number): Simulation | undefined {
    const known = this.#simulations.get(automaton.direction);
    if (known || automaton.states.length > most) return known;
    const made = simulate(automaton);
    this.#simulations.set(automaton.direction, made);
    return made;
  }

  /** What `make` makes, or nothing where it runs into a limit; the reason is kept for the refusal. */
  attempt<T>(make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof TooManyStates || error instanceof WrongDirection)) throw error;
      if (!(this.obstacle instanceof TooManyStates)) this.obstacle = error;
      return undefined;
    }
  }
}
