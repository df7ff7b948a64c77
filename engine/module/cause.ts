/** Why one rule fired on one step; asked for only when a violation is read. */
export interface Cause {
  /** Path of the argument that made the rule fire, as `items[2].price`; empty where no single one did. */
  readonly path: string;
  /** One sentence. Never contains the text that a text pattern matched. */
  readonly message: string;
}
