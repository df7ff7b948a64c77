/** Checked arguments, kept as they were when they were decided. */
declare const isArray: (value: unknown) => value is readonly unknown[];

export function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map(copyOf);
  const copy: Record<string, unknown> = { ...value };
  for (const key in copy) copy[key] = copyOf(copy[key]);
  return copy;
}

/** About how much room a value takes: characters, and one a value. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 1;
  if (typeof value !== 'object' || value === null) return 1;
  let size = 1;
  if (isArray(value)) for (let i = 0; i < value.length; i += 1) size += sizeOf(value[i]);
  else
    for (const key in value) size += key.length + sizeOf((value as Readonly<Record<string, unknown>>)[key]);
  return size;
}
