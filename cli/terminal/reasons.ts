/** What stops us from using a file, in words. */
const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is nothing of that name',
  ENOTDIR: 'it is no directory',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOSPC: 'no space is left on the disk',
  EROFS: 'the disk is read-only',
};

/** Why the system refused, in words where there are some. */
export const reasonOf = ({ code }: NodeJS.ErrnoException): string => WHY[code ?? ''] ?? code ?? 'unknown';
