/** What a run of tests does once, before any file: the engine in pieces, from its sources as they are now. */
export async function setup(): Promise<void> {
  await import('../../scripts/write-engine-parts.ts');
}
