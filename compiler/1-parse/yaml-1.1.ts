/** What readers of YAML 1.1 (PyYAML, Ruby, older Go) take for something else than YAML 1.2 says. */
import { EVENT_ID, SCALAR_STYLE, getScalarValue } from 'js-yaml';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../ir/source.ts';
import { eventsOf } from './yaml-events.ts';

/** A kind of plain scalar, and what it is in either version. */
interface Difference {
  readonly form: RegExp;
  readonly now: string;
  readonly before: (text: string) => string;
}

const digits = (text: string): string => text.replaceAll('_', '');

const DIFFERENCES: readonly Difference[] = [
  {
    form: /^[-+]?0[0-7]+$/,
    now: 'a decimal number',
    before: (text) => `the octal number ${Number.parseInt(text, 8)}`,
  },
  { form: /^0o[0-7]+$/, now: 'an octal number', before: () => 'a text' },
  { form: /^(?:yes|on)$/i, now: 'a text', before: () => '`true`' },
  { form: /^(?:no|off)$/i, now: 'a text', before: () => '`false`' },
  {
    form: /^[-+]?[1-9]\d*(?::[0-5]?\d)+$/,
    now: 'a text',
    before: (text) =>
      `the number ${text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)}, in base 60`,
  },
  {
    form: /^[-+]?[1-9]\d*_[\d_]*$/,
    now: 'a text',
    before: (text) => `the number ${digits(text)}`,
  },
  { form: /^0b[01_]+$/, now: 'a text', before: (text) => `the number ${Number(digits(text))}` },
  { form: /^[-+]?\d+(?:\.\d*)?e\d+$/i, now: 'a number', before: () => 'a text' },
];

/** Whether a text may hold one of these; most files hold none, and are not read again. */
const MAY_DIFFER = /[:,[{-]\s*(?:yes|no|on|off|[-+]?\d[\w:.]*)\s*(?:[,\]}#]|$)/im;

/** Warns of what stands without quotes in a policy file and is something else to readers of YAML 1.1. */
export function warnOfOlderReaders(file: SourceFile, diagnostics: Diagnostics): void {
  if (!MAY_DIFFER.test(file.text)) return;
  for (const event of eventsOf(file.text)) {
    if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN || event.valueStart < 0)
      continue;
    const text = getScalarValue(file.text, event);
    const difference = DIFFERENCES.find(({ form }) => form.test(text));
    if (!difference) continue;
    const params = { text, now: difference.now, before: difference.before(text) };
    diagnostics.report('PL4171', params, { file, start: event.valueStart, end: event.valueEnd });
  }
}
