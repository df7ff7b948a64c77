/** Which rules are worth comparing: those of one tool and one argument, sorted by what they may fire on. */
import { globCovers } from '../glob/covers.ts';
import type { Scalar } from '../ir/document.ts';
import type { ArgTest, Expr } from '../ir/program.ts';
import { sampleOf, testerOf } from '../patterns/index.ts';
import { pathKey } from '../proof/demand.ts';
import { firesOn, textLanguages } from '../proof/values.ts';

/** A rule's condition, and what of it can be compared quickly. */
export interface Indexed<T> {
  readonly rule: T;
  readonly condition: Expr;
  /** Place among all rules. */
  readonly order: number;
  /** The tools it is about; of every tool, `*`. */
  readonly globs: readonly string[];
  readonly tests: readonly ArgTest[];
  /** By argument; `null` where more than one test looks at it. */
  readonly byPath: ReadonlyMap<string, ArgTest | null>;
  /** Whether all tests must fire. */
  readonly isCube: boolean;
}

export function indexed<T>(rule: T, condition: Expr, order: number): Indexed<T> {
  const tests: ArgTest[] = [];
  collect(condition, tests);
  const byPath = new Map<string, ArgTest | null>();
  for (const test of tests) byPath.set(pathKey(test.path), byPath.has(pathKey(test.path)) ? null : test);
  const parts = condition.kind === 'and' ? condition.items : [condition];
  const globs = parts.flatMap((part) => (part.kind === 'tool' && !part.negated ? [part.globs] : []))[0] ?? [
    '*',
  ];
  return {
    rule,
    condition,
    order,
    globs,
    tests,
    byPath,
    isCube: parts.every((part) => part.kind === 'tool' || part.kind === 'arg'),
  };
}

function collect(condition: Expr, found: ArgTest[]): void {
  if (condition.kind === 'arg') found.push(condition);
  if (condition.kind === 'and' || condition.kind === 'or')
    for (const item of condition.items) collect(item, found);
}

/** Rules without a test stand under this argument. */
const NO_ARGUMENT = '';

/** A test that only some values pass, listed by these. */
const listed = ({ test, negated }: ArgTest): readonly Scalar[] | null => {
  if (negated || (test.operation !== 'equals' && test.operation !== 'in')) return null;
  return Array.isArray(test.operand) ? (test.operand as readonly Scalar[]) : [test.operand as Scalar];
};

/** Rules by argument, by the text that their tools begin with and, where their test lists values, by value. */
export class ShadowIndex<T> {
  readonly #buckets = new Map<string, Map<string, Indexed<T>[]>>();

  constructor(all: readonly Indexed<T>[]) {
    for (const one of all) {
      const paths = one.tests.length === 0 ? [NO_ARGUMENT] : [...one.byPath.keys()];
      for (const path of paths) {
        const test = one.isCube ? one.byPath.get(path) : null;
        const values = test && listed(test);
        for (const start of new Set(one.globs.map(startOf))) {
          for (const value of values ?? [undefined]) this.#put(key(path, value), start, one);
        }
      }
    }
  }

  #put(at: string, start: string, one: Indexed<T>): void {
    let starts = this.#buckets.get(at);
    if (!starts) this.#buckets.set(at, (starts = new Map<string, Indexed<T>[]>()));
    const bucket = starts.get(start);
    if (bucket) bucket.push(one);
    else starts.set(start, [one]);
  }

  /** Every rule that may fire wherever this one does; some do not. */
  *candidates(one: Indexed<T>): Iterable<Indexed<T>> {
    // Whoever covers all tools of a rule covers the first.
    const [glob = '*'] = one.globs;
    for (const path of [NO_ARGUMENT, ...one.byPath.keys()]) {
      const test = one.byPath.get(path);
      const value = test && listed(test)?.[0];
      const keys = value === undefined ? [key(path)] : [key(path), key(path, value)];
      for (const starts of keys.flatMap((each) => this.#buckets.get(each) ?? [])) {
        const start = startOf(glob);
        for (let end = 0; end <= start.length; end += 1) yield* starts.get(start.slice(0, end)) ?? [];
      }
    }
  }
}

/** What every name of a glob begins with. */
const startOf = (glob: string): string => glob.split('*', 1)[0] ?? '';

const key = (path: string, value?: Scalar): string =>
  JSON.stringify([path, value === undefined ? [] : String(value)]);

/** A pattern of the texts that a test asks for, in one spelling; `null` for a test of something else. */
export function languageOf(test: ArgTest['test']): string | null {
  const languages = textLanguages(test, 'maybe');
  return languages && (languages.written ?? languages.plain);
}

/** Guesses by examples whether one rule may imply another; remembers what patterns match. */
export class Guesses {
  readonly #samples = new Map<string, string | undefined>();
  readonly #testers = new Map<string, RegExp | undefined>();

  /** `false` saves a proof: on what makes `narrow` fire, `wide` does not seem to. */
  mayImply<T>(narrow: Indexed<T>, wide: Indexed<T>): boolean {
    const coversTools = narrow.globs.every((glob) =>
      wide.globs.some((other) => other === glob || globCovers(other, glob)),
    );
    return coversTools && this.#seems(wide.condition, narrow.byPath);
  }

  #seems(condition: Expr, given: Indexed<unknown>['byPath']): boolean {
    switch (condition.kind) {
      case 'and':
        return condition.items.every((item) => this.#seems(item, given));
      case 'or':
        return condition.items.some((item) => this.#seems(item, given));
      case 'arg': {
        const test = given.get(pathKey(condition.path));
        return test !== undefined && (test === null || this.#mayFire(condition, test));
      }
      default:
        return true;
    }
  }

  #mayFire({ test, negated }: ArgTest, given: ArgTest): boolean {
    if (negated || given.negated) return true;
    const language = languageOf(test);
    const sought = languageOf(given.test);
    if (language === null) {
      const example = sought === null ? exampleOf(given) : undefined;
      return example === undefined || firesOn(test, negated, example);
    }
    if (test.operation.startsWith('not_')) return true;
    // On what has no text other tests may be unable to tell, and fire; this one does not.
    if (sought === null || given.test.operation.startsWith('not_')) return false;
    const sample = this.#sampleOf(sought);
    if (sample === undefined) return true;
    const tester = this.#testerOf(language);
    return tester ? tester.test(sample) : true;
  }

  #sampleOf(source: string): string | undefined {
    if (!this.#samples.has(source)) this.#samples.set(source, sampleOf(source));
    return this.#samples.get(source);
  }

  #testerOf(source: string): RegExp | undefined {
    if (!this.#testers.has(source)) this.#testers.set(source, testerOf(source));
    return this.#testers.get(source);
  }
}

/** A value that passes the test and hardly another one. */
function exampleOf({ test: { operation, operand } }: ArgTest): unknown {
  const first = Array.isArray(operand) ? (operand as readonly Scalar[])[0] : (operand as Scalar);
  switch (operation) {
    case 'equals':
    case 'in':
    case 'gte':
    case 'lte':
    case 'between':
      return first;
    case 'gt':
      return Number(first) + Math.max(Math.abs(Number(first)) * 1e-9, 1e-9);
    case 'lt':
      return Number(first) - Math.max(Math.abs(Number(first)) * 1e-9, 1e-9);
    default:
      return undefined;
  }
}
