/** What a command wrote, for people and for programs. */
export type PrintFormat = 'text' | 'json';

/** @param what - what the files are, for people: at most twelve characters */
export function writtenFiles(what: string, paths: readonly string[], format: PrintFormat = 'text'): string {
  return format === 'json'
    ? `${JSON.stringify({ files: paths }, null, 2)}\n`
    : paths.map((path) => `${what.padEnd(12)} ${path}\n`).join('');
}
