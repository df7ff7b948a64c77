/** The smallest of an example, found greedily: one member or element less, as long as it still fails. */
type Json = unknown;
export type Path = readonly (string | number)[];

/** Everything that may be left out of a value, the largest first. */
export function* places(value: Json, path: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) return;
  const keys = Array.isArray(value) ? value.map((_, i) => i).reverse() : Object.keys(value);
  for (const key of keys) yield [...path, key];
  for (const key of keys) yield* places((value as Record<string | number, Json>)[key], [...path, key]);
}

export function without(value: Json, [key, ...path]: Path): Json {
  if (key === undefined) return value;
  if (Array.isArray(value))
    return path.length === 0
      ? value.filter((_, i) => i !== key)
      : value.map((each: Json, i) => (i === key ? without(each, path) : each));
  return Object.fromEntries(
    Object.entries(value as Record<string, Json>).flatMap(([name, each]) => {
      if (name !== key) return [[name, each]];
      return path.length === 0 ? [] : [[name, without(each, path)]];
    }),
  );
}

/** `most`: how many times it is asked whether something still fails. */
export async function reduce<T>(value: T, fails: (value: T) => Promise<boolean>, most = 400): Promise<T> {
  let smallest = value;
  let asked = 0;
  const smaller = async (): Promise<boolean> => {
    for (const place of places(smallest)) {
      const less = without(smallest, place) as T;
      asked += 1;
      if (asked > most) return false;
      if (!(await fails(less))) continue;
      smallest = less;
      return true;
    }
    return false;
  };
  while (await smaller());
  return smallest;
}
