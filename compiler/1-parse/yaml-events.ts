import { EVENT_ID, YAMLException, parseEvents } from 'js-yaml';

export type Event = ReturnType<typeof parseEvents>[number];

const MAX_DEPTH = 64;

/** Characters that are parsed again because of tabs, all in all, before the parser's word is taken. */
const MOST_WORK = 20_000_000;

/**
 * The parser's events of a text. js-yaml 5.5 refuses a tab as white space on a line with a flow collection
 * (`allow_tools:<TAB>[x]`), which YAML 1.2.2 §6.2 allows: there the tabs are read as blanks. Offsets stay what they are,
 * and no tab inside a scalar is touched.
 *
 * @throws YAMLException for what is no YAML
 */
export function eventsOf(text: string): readonly Event[] {
  const blanks = new Set<number>();
  for (let work = 0; ; work += text.length) {
    try {
      const events = parseEvents(withBlanks(text, blanks), { maxDepth: MAX_DEPTH });
      const inside = scalarsOver(events, blanks);
      if (inside.length === 0) return events;
      inside.forEach((position) => blanks.delete(position));
      return parseEvents(withBlanks(text, blanks), { maxDepth: MAX_DEPTH });
    } catch (error) {
      if (!(error instanceof YAMLException) || work > MOST_WORK) throw error;
      const tabs = separatingTabs(text, error);
      if (tabs.every((position) => blanks.has(position))) throw error;
      tabs.forEach((position) => blanks.add(position));
    }
  }
}

/** Tabs on the line where the parser stands, behind its indentation: those it may have stumbled over. */
function separatingTabs(text: string, { reason, mark }: YAMLException): readonly number[] {
  if (reason !== 'deficient indentation' || !mark) return [];
  const start = text.lastIndexOf('\n', mark.position - 1) + 1;
  const before = text.slice(start, mark.position);
  const first = before.search(/[^ \t]/);
  if (first < 0) return [];
  return [...before].flatMap((sign, i) => (sign === '\t' && i > first ? [start + i] : []));
}

/** The text with blanks at these places, all of them tabs. */
function withBlanks(text: string, places: ReadonlySet<number>): string {
  if (places.size === 0) return text;
  const parts: string[] = [];
  let end = 0;
  for (const place of [...places].sort((a, b) => a - b)) {
    parts.push(text.slice(end, place));
    end = place + 1;
  }
  return [...parts, text.slice(end)].join(' ');
}

/** Those of some places that lie inside a scalar, where a tab is text. */
function scalarsOver(events: readonly Event[], places: ReadonlySet<number>): readonly number[] {
  if (places.size === 0) return [];
  const scalars = events.filter((event) => event.type === EVENT_ID.SCALAR);
  return [...places].filter((place) =>
    scalars.some(({ valueStart, valueEnd }) => valueStart <= place && place < valueEnd),
  );
}
