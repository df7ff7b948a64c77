const EMPTY: object = {};

/** What every object inherits that could be listed: it would be found on every plan. `null`: nothing, as it should be. */
export function inherited(): string | null {
  for (const key in EMPTY) return key;
  return null;
}
