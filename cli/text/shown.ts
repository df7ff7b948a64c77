import { printable } from '../../compiler/inspect.ts';

/**
 * Tag of a template: our own text as it is, and each value in it printable. Values come from bundles, trust roots and
 * policies; none of them writes to a terminal, or a line of its own into a report.
 */
export function shown(ours: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw({ raw: ours }, ...values.map((value) => printable(String(value))));
}
