/** A key that is none where it stands. */
export interface UnknownKey {
  readonly key: string;
  readonly where: string;
  /** The key that was meant. */
  readonly near: string | null;
  readonly known: readonly string[];
  /** Others call the near one so: nothing else can be meant. */
  readonly isSynonym?: boolean;
  /** What it is a key of, elsewhere. */
  readonly homes?: readonly string[];
  /** What others call so is a key of something else. */
  readonly elsewhere?: { readonly key: string; readonly homes: readonly string[] } | null;
  /** What there is instead of such a key. */
  readonly instead?: string | null;
}

/** What was meant, where it belongs, what there is instead, or else what there is here. */
export function hintOfUnknownKey({
  key,
  where,
  near,
  known,
  isSynonym,
  homes = [],
  elsewhere = null,
  instead,
}: UnknownKey): string {
  const home = homes.length > 0 ? placeOf({ key, homes }, where) : null;
  if (near !== null) return `did you mean \`${near}\`?${home !== null && !isSynonym ? ` ${home}` : ''}`;
  const meant = elsewhere && `did you mean \`${elsewhere.key}\`? ${placeOf(elsewhere, where)}`;
  return instead ?? home ?? meant ?? `keys here: ${known.map((each) => `\`${each}\``).join(', ')}`;
}

const placeOf = ({ key, homes }: NonNullable<UnknownKey['elsewhere']>, where: string): string =>
  `\`${key}\` is a key of ${many(homes)}: ${move(where, homes)}`;

const many = (homes: readonly string[]): string =>
  homes.length < 2 ? homes.join('') : `${homes.slice(0, -1).join(', ')} or ${homes.at(-1) ?? ''}`;

/** How it gets there. */
function move(where: string, homes: readonly string[]): string {
  if (where === 'a rule' && homes.includes('a pattern')) return 'write it under `pattern:`';
  if (homes.includes('a rule')) return 'indent it as far as the keys of the rule it belongs to';
  return `move it there`;
}
