/** Whether a path names something below the directory it is taken from, in one way. */
export const isPlainPath = (path: string): boolean =>
  !/[\\\0]|^\/|^[a-z]:/i.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part));
