/**
 * Whether a stream takes colours. `FORCE_COLOR` decides for itself, as in Node (`0` is no); then `NO_COLOR` says no, with any
 * value that is not empty (no-color.org), and so does a terminal that calls itself dumb.
 */
export function takesColour(
  isTerminal: boolean | undefined,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: terminal } = env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal === true && !refused && terminal !== 'dumb';
}
