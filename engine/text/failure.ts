// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- what `instanceof` tells from a plan's objects
export class CelBoxed {}

/** The error value of conditions; one that ends in it makes its rule fire. */
export class CelFailure extends CelBoxed {
  reason = '';
}
