/** Which tools a glob names. */
export function matchesGlob(glob: string, tool: string): boolean {
  const source = glob
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
    .join('[^]*');
  return new RegExp(`^${source}$`).test(tool);
}
