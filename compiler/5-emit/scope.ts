import { js, name } from './code.ts';
import type { Code } from './code.ts';

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
} as const;
export type SupportName = keyof typeof SUPPORT;

/** What the emitted module declares: each distinct constant once, in the order of first use. */
export class Scope {
  readonly #declared = new Map<string, Code>();
  readonly #declarations: Code[] = [];
  readonly #support = new Set<SupportName>();
  #count = 0;

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

  declare(declaration: Code): void {
    this.#declarations.push(declaration);
  }

  fresh(stem: string): Code {
    this.#count += 1;
    return name(stem, this.#count);
  }

  /** The name of a support function, which is thereby taken in. */
  support(id: SupportName): Code {
    this.#support.add(id);
    return name(id);
  }

  get declarations(): readonly Code[] {
    return this.#declarations;
  }

  get supportNames(): readonly SupportName[] {
    return [...this.#support].sort();
  }
}
