import { place, type Place } from '../cli/place.ts';

/** A directory of its own and captured output, for commands that keep real time. */
export interface Workplace extends Omit<Place, 'write'> {
  write(name: string, content: Uint8Array | string): void;
}

export function workplace(env: Readonly<Record<string, string>> = {}): Workplace {
  const at = place({ env, now: () => Date.now() });
  return { ...at, write: (name, content) => at.write({ [name]: content }) };
}
