/** Values as messages show them. */
export const showInterval = (i) => `[${i.min ?? 'null'}, ${i.max ?? 'null'}]`;
export const showList = (items) => `[${items.map(String).join(', ')}]`;
export const showOperand = (value) => (Array.isArray(value) ? showList(value) : String(value));
const LONGEST = 80;
/** What the author wrote, on one line. */
export function showSource(span) {
  const text = span.file.text.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
