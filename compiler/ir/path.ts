/** A path into a step's arguments: names, and `*` for every element of an array. */
export type ArgPath = readonly (string | { readonly every: true })[];

const SEGMENT = /^[^.[\]\s]+$/;

/** Why a text is not an argument path, or `null`. */
export function pathProblem(text: string): string | null {
  for (const part of text.split('.')) {
    const stem = part.replace(/(\[\*\])+$/, '');
    if (stem === '')
      return part === '' ? 'a name between dots is empty' : '`[*]` needs a name in front of it';
    if (!SEGMENT.test(stem)) return `\`${part}\` is not a name`;
  }
  return null;
}

/** Reads a text for which `pathProblem` found nothing. */
export function parsePath(text: string): ArgPath {
  if (!text.includes('[')) return text.split('.');
  return text.split('.').flatMap((part) => {
    const stem = part.replace(/(\[\*\])+$/, '');
    const stars = (part.length - stem.length) / 3;
    return [stem, ...Array.from({ length: stars }, () => ({ every: true as const }))];
  });
}
