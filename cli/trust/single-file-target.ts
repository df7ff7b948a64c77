/** Signing a single-file bundle: its signatures are its last line, so one more makes another file of it. */
import { basename } from 'node:path';
import { splitSingleFile } from '@plan-lint/runtime/tools';
import { provenancePath } from '../../bundles/files.ts';
import { singleFile } from '../../compiler/6-sign/index.ts';
import { rewritten, type FileToSign } from './rewritten.ts';
import type { SignTarget } from './target.ts';

/** @throws BundleError `single_file_malformed` */
export function singleFileTarget(file: FileToSign): SignTarget {
  const { module, sidecars } = splitSingleFile(file.bytes);
  return {
    name: basename(file.path),
    content: module,
    statement: undefined,
    sidecars,
    map: undefined,
    provenance: provenancePath(file.path),
    ...rewritten(file, {
      what: 'a signature makes another file of this one',
      example: 'signed.mjs',
      accepts: (path) => path.endsWith('.mjs'),
      make: (made) => singleFile(module, [...sidecars, ...made]),
    }),
  };
}
