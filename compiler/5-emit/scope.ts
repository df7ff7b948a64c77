import type * as engine from '../../engine/index.ts';
import { js, name, Names, regexLiteral } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import { emitPattern } from './pattern.ts';
import type { PatternPlan } from '../ir/pattern.ts';

/** A function of the engine that a module may call. */
export type SupportName = Exclude<keyof typeof engine, `cel${string}`>;

/** The scanner that a pattern's engine calls. */
const SCANS: Readonly<Record<PatternPlan['engine'], SupportName | null>> = {
  literals: 'wordScan',
  native: null,
  dfa: 'tableScan',
  nfa: 'bitScan',
};

/** What the emitted module declares: each distinct constant once, in the order of first use. */
export class Scope {
  readonly #declared = new Map<string, Code>();
  readonly #declarations: Code[] = [];
  readonly #support = new Map<SupportName, Code>();
  readonly #kinds: Code[] = [];
  readonly #kindIndex = new Map<string, number>();
  readonly #patterns = new Map<string, Code>();
  readonly #cel = new Set<string>();
  readonly #once = new Map<object, Code>();
  #validators: Code | null = null;
  readonly #names = new Names();

  /** A constant with this text; two equal texts share one. */
  constant(stem: string, value: Code): Code {
    const key = value.toString();
    const known = this.#declared.get(key);
    if (known) return known;
    const id = this.fresh(stem);
    this.#declarations.push(js`const ${id}=${value};`);
    this.#declared.set(key, id);
    return id;
  }

  /** The number of a kind of rules; two equal ones share it. */
  kind(value: Code): number {
    const key = value.toString();
    let index = this.#kindIndex.get(key);
    if (index === undefined) {
      index = this.#kinds.push(value) - 1;
      this.#kindIndex.set(key, index);
    }
    return index;
  }

  get kinds(): readonly Code[] {
    return this.#kinds;
  }

  declare(declaration: Code): void {
    this.#declarations.push(declaration);
  }

  /** A name that nothing else in the module has. */
  fresh(stem: string): Code {
    return this.#names.fresh(stem);
  }

  /** The name of a support function, which is thereby taken in. */
  support(id: SupportName): Code {
    let code = this.#support.get(id);
    if (!code) this.#support.set(id, (code = name(id)));
    return code;
  }

  /**
   * A function of one text that tests a compiled pattern: its name. A native pattern that is seldom tested (`often`
   * is false) is written where it is used instead, and made anew each time.
   */
  pattern(plan: PatternPlan, often = true): Code {
    if (plan.engine === 'native' && !often) {
      const v = name('v');
      return js`${v}=>${regexLiteral(plan.printed, plan.flags)}.test(${v})`;
    }
    const key = `${plan.source}\n${plan.ignoreCase}`;
    let test = this.#patterns.get(key);
    if (!test) {
      const v = name('v');
      const emitted = emitPattern(plan, v, this.fresh('pattern'));
      const scan = plan.engine === 'literals' && plan.packed === undefined ? null : SCANS[plan.engine];
      if (scan) this.support(scan);
      this.#declarations.push(...emitted.declarations);
      test = this.constant('t', js`${v}=>${emitted.test}`);
      this.#patterns.set(key, test);
    }
    return test;
  }

  /** The code of an emitted condition, made once however often it is asked for. */
  once(key: object, make: () => Code): Code {
    let code = this.#once.get(key);
    if (!code) {
      code = make();
      this.#once.set(key, code);
    }
    return code;
  }

  /** Takes in support functions of CEL conditions, by name. */
  celSupport(names: readonly string[]): void {
    for (const id of names) this.#cel.add(id);
  }

  /** The validators of the tools' arguments, a map by tool, once they are there. */
  get validators(): Code {
    if (!this.#validators) throw new TypeError('no validators were made');
    return this.#validators;
  }

  useValidators(validators: Code): void {
    this.#validators = validators;
  }

  get celNames(): readonly string[] {
    return [...this.#cel].sort();
  }

  get declarations(): readonly Code[] {
    return this.#declarations;
  }

  get supportNames(): readonly SupportName[] {
    return [...this.#support.keys()].sort();
  }
}
