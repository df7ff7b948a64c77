const lineStarts = new WeakMap();
function startsOf(file) {
  let starts = lineStarts.get(file);
  if (!starts) {
    starts = [0, ...[...file.text.matchAll(/\r\n|\n|\r/g)].map((found) => found.index + found[0].length)];
    lineStarts.set(file, starts);
  }
  return starts;
}
/** Where a span begins: 1-based line and column (in UTF-16 units, as editors count). */
export function originOf(span) {
  const starts = startsOf(span.file);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= span.start) low = middle;
    else high = middle - 1;
  }
  return { file: span.file.path, line: low + 1, column: span.start - (starts[low] ?? 0) + 1 };
}
/** The text of a 1-based line, without its end. */
export function lineText(file, line) {
  const starts = startsOf(file);
  return file.text.slice(starts[line - 1] ?? 0, starts[line] ?? file.text.length).replace(/[\r\n]+$/, '');
}
/** `file:line:column`. */
export function place(span) {
  const { file, line, column } = originOf(span);
  return `${file}:${line}:${column}`;
}
