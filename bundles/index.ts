/** Bundle files: written, opened, compiled on the spot. */
export { ARCHIVE, archivedBundle, readArchive, writeArchive } from './archive.ts';
export type { ArchivedBundle, Entries } from './archive.ts';
export { choosePolicy } from './choose-policy.ts';
export { compileDirectory } from './compile-directory.ts';
export { directoryHost } from './directory-host.ts';
export { diskCache } from './disk-cache.ts';
export { CompileFailure, UsageError } from './failure.ts';
export { isArchive, isBundle, readBundle, sidecarPath } from './files.ts';
export type { BundleFiles, BundleSource } from './files.ts';
export { openBundle } from './open.ts';
export { authoringPredicate, releasePredicate } from './predicate.ts';
export type { ReleaseFacts } from './predicate.ts';
export { isLocal } from './registry/http.ts';
export { bundleSource } from './source.ts';
export type { SourceOptions } from './source.ts';
export type { Surroundings } from './surroundings.ts';
