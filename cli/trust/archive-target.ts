/** Signing an archive: one more signature makes another archive of it. */
import { provenancePath, isArchive, sidecarPath } from '../../bundles/files.ts';
import { rewritten, type FileToSign } from './rewritten.ts';
import type { SignTarget } from './target.ts';

/** @throws BundleError for an archive with anything in it that its statement does not cover */
export async function archiveTarget(file: FileToSign): Promise<SignTarget> {
  const { archivedBundle, readArchive, writeArchive } = await import('../../bundles/archive.ts');
  const entries = readArchive(file.bytes);
  const { name, module, sidecars, statement, map } = archivedBundle(entries);
  return {
    name,
    content: module,
    statement,
    sidecars,
    map,
    provenance: provenancePath(file.path),
    ...rewritten(file, {
      what: 'a signature makes another archive of this one',
      example: 'signed.tar.gz',
      accepts: isArchive,
      make(made) {
        const added = made.map(
          (content, i) => [sidecarPath(name, sidecars.length + i), Buffer.from(content)] as const,
        );
        return writeArchive(new Map([...entries, ...added]));
      },
    }),
  };
}
