import { js, name } from './code.js';
import { emitPattern } from './pattern.js';
/** Functions of the support code, by the file that holds them; esbuild takes in only what is named here. */
export const SUPPORT = {
  bad: 'core',
  get: 'core',
  each: 'core',
  texts: 'core',
  size: 'core',
  isType: 'core',
  glob: 'core',
  hit: 'core',
  explain: 'explain',
  tableScan: 'patterns',
  wordScan: 'patterns',
  bitScan: 'patterns',
};
/** The scanner that a pattern's engine calls. */
const SCANS = {
  literals: 'wordScan',
  native: null,
  dfa: 'tableScan',
  nfa: 'bitScan',
};
/** What the emitted module declares: each distinct constant once, in the order of first use. */
export class Scope {
  #declared = new Map();
  #declarations = [];
  #support = new Set();
  #patterns = new Map();
  #count = 0;
  /** A constant with this text; two equal texts share one. */
  constant(stem, value) {
    const key = value.toString();
    const known = this.#declared.get(key);
    if (known) return known;
    const id = this.fresh(stem);
    this.#declarations.push(js`const ${id}=${value};`);
    this.#declared.set(key, id);
    return id;
  }
  declare(declaration) {
    this.#declarations.push(declaration);
  }
  fresh(stem) {
    this.#count += 1;
    return name(stem, this.#count);
  }
  /** The name of a support function, which is thereby taken in. */
  support(id) {
    this.#support.add(id);
    return name(id);
  }
  /** The name of a function of one text that tests a compiled pattern. */
  pattern(plan) {
    const key = `${plan.source}\n${plan.ignoreCase}`;
    let test = this.#patterns.get(key);
    if (!test) {
      this.#count += 1;
      const v = name('v');
      const emitted = emitPattern(plan, v, this.#count);
      const scan = plan.engine === 'literals' && plan.packed === undefined ? null : SCANS[plan.engine];
      if (scan) this.support(scan);
      this.#declarations.push(...emitted.declarations);
      test = this.constant('t', js`${v}=>${emitted.test}`);
      this.#patterns.set(key, test);
    }
    return test;
  }
  get declarations() {
    return this.#declarations;
  }
  get supportNames() {
    return [...this.#support].sort();
  }
}
