/** The engine, cut at its top-level declarations, in the order in which they have to stand. */
export interface EngineParts {
  /** What a module may call: under which name, and the piece that declares it. */
  readonly exports: Readonly<Record<string, readonly [name: string, piece: number]>>;
  readonly pieces: readonly EnginePiece[];
}

export interface EnginePiece {
  /** `var` where `text` is one declarator of such a statement; a declaration of its own otherwise. */
  readonly keyword: '' | 'var';
  readonly text: string;
  /** The pieces whose names it uses. */
  readonly needs: readonly number[];
}
