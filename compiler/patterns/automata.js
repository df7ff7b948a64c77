import { buildAutomaton } from './automaton.js';
import { minimise } from './minimise.js';
import { TooManyStates, WrongDirection } from './refusal.js';
import { simulate } from './simulation.js';
import { determinize } from './subset.js';
/** Most automata are small as they are; the dear simulation is made for those that are not. */
const WITHOUT_SIMULATION = 128;
export class Automata {
  /** Why what was asked for could not be made; size goes before direction. */
  obstacle;
  directions;
  #node;
  #limits;
  #made = new Map();
  #simulations = new Map();
  /** @param only this direction or none; for tests */
  constructor(node, limits, only) {
    this.#node = node;
    this.#limits = limits;
    this.directions = only ? [only] : ['forward', 'reverse'];
  }
  nondeterministic(direction) {
    if (!this.#made.has(direction)) {
      const { instructions, automaton: states } = this.#limits;
      const build = () => buildAutomaton(this.#node, direction, { instructions, states });
      this.#made.set(direction, this.attempt(build));
    }
    return this.#made.get(direction);
  }
  /** The minimal deterministic automaton; its states may still exceed `limits.states`. */
  table(direction, limits) {
    const automaton = this.nondeterministic(direction);
    if (!automaton) return undefined;
    const plain = this.attempt(() => determinize(automaton, Math.min(WITHOUT_SIMULATION, limits.raw)));
    if (plain) return minimise(plain);
    const simulation = this.#simulation(automaton, limits.threads);
    const large = this.attempt(() => determinize(automaton, limits.raw, simulation));
    return large && minimise(large);
  }
  #simulation(automaton, most) {
    const known = this.#simulations.get(automaton.direction);
    if (known || automaton.states.length > most) return known;
    const made = simulate(automaton);
    this.#simulations.set(automaton.direction, made);
    return made;
  }
  /** What `make` makes, or nothing where it runs into a limit; the reason is kept for the refusal. */
  attempt(make) {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof TooManyStates || error instanceof WrongDirection)) throw error;
      if (!(this.obstacle instanceof TooManyStates)) this.obstacle = error;
      return undefined;
    }
  }
}
