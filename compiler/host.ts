import type { SourceFile } from './ir/source.ts';

/** The compiler's only door to the world outside: policy files. Clock and git come as arguments. */
export interface Host {
  /** Every policy file below the policy directory, by path; a link that leads outside is listed, not read. */
  readPolicyFiles(): Promise<readonly HostFile[]>;
  /** One further file that a policy file names, by path; `null` where there is none. A link that leads outside is not read. */
  readFile(path: string): Promise<HostFile | null>;
}

/** A file as read; `text` is `null` where the bytes are not UTF-8, or where there is a reason not to read it. */
export interface HostFile {
  readonly path: string;
  readonly text: string | null;
  /** Looks like a policy and is not read: one that was silently left out would be a hole. */
  readonly unread?: 'link' | 'name';
}

/** Name of the configuration at the root of a policy directory; not a policy. */
export const CONFIGURATION_FILE = 'plan-lint.yaml';

// A byte order mark stays in the text: encoding it again must give the file's own bytes, for its digest.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Policies held in memory: path to text. For tests and tools. */
export function memoryHost(files: Readonly<Record<string, string>>): Host {
  const found = Object.entries(files)
    .map(([path, text]) => ({ path, text }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    readPolicyFiles: () => Promise.resolve(found.filter(({ path }) => !path.endsWith('.json'))),
    readFile: (path) => Promise.resolve(found.find((file) => file.path === path) ?? null),
  };
}

export function sourceOf(file: HostFile): SourceFile {
  return { path: file.path, text: file.text ?? '' };
}
