const DOLLAR = 36;
const OPEN = 123;
const CLOSE = 125;

/**
 * Calls `found` with the step id of each reference in a text: `${step-id.result…}` and `{{step-id.result…}}`. The
 * check of the plan and the rules use this function, so that they see the same references.
 */
export function references(text: string, found: (stepId: string) => void): void {
  // Cheap, for every text of every plan.
  if (text.length > 8 && text.includes('.result') && text.includes('{')) eachReference(text, found);
}

/** One pass, whatever the text: an opener is forgotten at the next one, and a closer ends it. */
function eachReference(text: string, found: (stepId: string) => void): void {
  let start = -1;
  for (let i = 1; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === OPEN) {
      const before = text.charCodeAt(i - 1);
      if (before === DOLLAR || before === OPEN) start = i + 1;
    } else if (unit === CLOSE && start >= 0) {
      const id = stepIdOf(text.slice(start, i));
      if (id !== '') found(id);
      start = -1;
    }
  }
}

function stepIdOf(inside: string): string {
  for (let at = inside.indexOf('.result'); at > 0; at = inside.indexOf('.result', at + 1)) {
    // Whatever ends the word: a path, a filter (`.result|json`), a space.
    if (!/[\w$]/.test(inside.charAt(at + 7))) return inside.slice(0, at).trim();
  }
  return '';
}
