/**
 * The compiler has made a module that is of no use: a fault of its own, whatever the policy says. Commands end with exit
 * code 3, having written nothing.
 */
export class CompilerFault extends Error {
  override readonly name = 'CompilerFault';
  /** Where in the policies the text in question comes from, as `base.yaml:3:7 (rule-id)`, if that is known. */
  readonly place: string | null;

  constructor(message: string, place: string | null) {
    super(place === null ? message : `${message}, at ${place}`);
    this.place = place;
  }
}
