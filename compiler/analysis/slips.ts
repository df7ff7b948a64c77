/** Regular expressions that are spelt in a way that is hardly meant. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { spanWithin } from '../ir/place.ts';
import type { Located } from '../ir/source.ts';
import { slipsOf } from '../patterns/index.ts';
import type { Slip } from '../patterns/index.ts';
import { leavesOf, patternRulesOf, rulesOf } from './analysis.ts';
import type { Analysis } from './analysis.ts';

export const slips: Analysis = {
  name: 'suspicious regular expressions',
  run: ({ policies }, diagnostics) => {
    for (const { value, span } of regexes(policies)) {
      for (const slip of slipsOf(value)) {
        report(slip, spanWithin({ value, span }, slip.start, slip.end), diagnostics);
      }
    }
  },
};

function* regexes(policies: Parameters<typeof rulesOf>[0]): Iterable<Located<string>> {
  for (const rule of rulesOf(policies)) {
    if (rule.kind === 'deny-token' || rule.kind === 'result') yield { value: rule.regex, span: rule.span };
  }
  for (const { pattern } of patternRulesOf(policies)) {
    for (const { operation, value } of leavesOf(pattern)) {
      const isRegex = operation.value === 'matches' || operation.value === 'not_matches';
      if (isRegex && typeof value?.value === 'string') yield { value: value.value, span: value.span };
    }
  }
}

function report({ kind, text }: Slip, span: Located<string>['span'], diagnostics: Diagnostics): void {
  switch (kind) {
    case 'dot':
      diagnostics.report('PL4161', undefined, span);
      return;
    case 'empty-alternative':
      diagnostics.report('PL4162', { text }, span);
      return;
    case 'cased-range':
      diagnostics.report('PL4163', { text }, span);
      return;
    case 'anchors':
      diagnostics.report('PL4164', undefined, span);
      return;
    case 'class-bar':
      diagnostics.report('PL4165', { text }, span);
      return;
    case 'repeated-repetition':
      diagnostics.report('PL4166', { text }, span);
      return;
    case 'blank-around-bar':
      diagnostics.report('PL4167', undefined, span);
      return;
    case 'line-end':
      diagnostics.report('PL4168', undefined, span);
      return;
    case 'backslash':
      diagnostics.report('PL4169', { text }, span);
      return;
  }
}
