/** The reports of a batch. */
import type { BatchFormat } from './batch-format.ts';
import { githubReport } from './batch-github.ts';
import { htmlReport } from './batch-html.ts';
import { jsonlReport, jsonReport } from './batch-json.ts';
import { junitReport } from './batch-junit.ts';
import { markdownReport } from './batch-markdown.ts';
import { sarifReport } from './batch-sarif.ts';
import { textReport } from './batch-text.ts';

export const BATCH_FORMATS = {
  text: textReport,
  json: jsonReport,
  jsonl: jsonlReport,
  sarif: sarifReport,
  junit: junitReport,
  html: htmlReport,
  markdown: markdownReport,
  github: githubReport,
} as const satisfies Record<string, BatchFormat>;

export type BatchFormatName = keyof typeof BATCH_FORMATS;

/** The format that a file name asks for. */
export const FORMAT_OF_EXTENSION: Readonly<Record<string, BatchFormatName>> = {
  txt: 'text',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  sarif: 'sarif',
  xml: 'junit',
  html: 'html',
  md: 'markdown',
};
