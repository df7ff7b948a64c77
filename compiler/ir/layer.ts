/**
 * The rules of a policy as what it changes over another one. Policies that inherit from one base are layers over
 * the same layer, so what they inherit is there once. `R` is a rule, of whichever stage; rules are compared by
 * identity.
 */
export interface Layer<R> {
  readonly base: Layer<R> | null;
  /** Rules of `base` that are not rules here, mostly because a stricter one of that id is in `added`. */
  readonly dropped: ReadonlySet<R>;
  readonly added: readonly R[];
}

export const layerOf = <R>(added: readonly R[]): Layer<R> => ({ base: null, dropped: new Set(), added });

/** Every rule of a layer: what it inherits first. */
export function rulesIn<R>({ base, dropped, added }: Layer<R>): readonly R[] {
  return base ? [...rulesIn(base).filter((rule) => !dropped.has(rule)), ...added] : added;
}

/** The rule for which `is` holds. */
export function findRule<R>({ base, dropped, added }: Layer<R>, is: (rule: R) => boolean): R | undefined {
  return added.find(is) ?? (base ? findRule(base, (rule) => is(rule) && !dropped.has(rule)) : undefined);
}

/** A layer and what lies below it, the lowest first. */
export function layersUpTo<R>(layer: Layer<R>): readonly Layer<R>[] {
  return layer.base ? [...layersUpTo(layer.base), layer] : [layer];
}

/** Every layer that some of these stand on, each once, bases before what stands on them. */
export function allLayers<R>(tops: readonly Layer<R>[]): readonly Layer<R>[] {
  return [...new Set(tops.flatMap(layersUpTo))];
}

/**
 * Makes of each rule another one, or none (`null`), and of layers of the ones layers of the others: each rule and
 * each layer once, however many stand on it.
 *
 * @param rules - what was made before, which is not made again
 */
export function layering<A, B>(
  make: (rule: A) => B | null,
  rules = new Map<A, B | null>(),
): (layer: Layer<A>) => Layer<B> {
  const layers = new Map<Layer<A>, Layer<B>>();
  const ruleOf = (rule: A): B | null => {
    let made = rules.get(rule);
    if (made === undefined) {
      made = make(rule);
      rules.set(rule, made);
    }
    return made;
  };
  const all = (some: Iterable<A>): readonly B[] => {
    const found: B[] = [];
    for (const rule of some) {
      const made = ruleOf(rule);
      if (made !== null) found.push(made);
    }
    return found;
  };
  const over = (layer: Layer<A>): Layer<B> => {
    let made = layers.get(layer);
    if (!made) {
      const { base, dropped, added } = layer;
      made = { base: base && over(base), dropped: new Set(all(dropped)), added: all(added) };
      layers.set(layer, made);
    }
    return made;
  };
  return over;
}
