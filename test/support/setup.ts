/** What a run of tests does once, before any file: the engine in pieces and the validators of shapes, from the sources as they are now. */
export async function setup(): Promise<void> {
  await import('../../scripts/write-parts.ts');
}
