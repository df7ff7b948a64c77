import type { Check } from '../workload.ts';

/** A pattern of the workload as plain texts in order, for peers without regular expressions; equal on its plans. */
export function piecesOf(check: Check): { readonly start: string; readonly inside: string } | null {
  if (check.operation === 'contains') return { start: '', inside: check.value };
  if (check.operation === 'starts_with') return { start: check.value, inside: '' };
  if (check.operation !== 'matches') return null;
  if (!check.value.startsWith('^'))
    return { start: '', inside: `@${check.value.split('@')[1] ?? ''}`.replaceAll('\\', '') };
  return { start: 'root-', inside: `:${check.value.split(':')[1] ?? ''}` };
}

/** What the deny patterns look for, as plain texts. */
export const denied = (source: string): string => /^[-A-Za-z_ ]+/.exec(source)?.[0] ?? source;
