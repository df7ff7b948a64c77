/** The reports of a batch. */
import type { BatchFormat } from '../../decisions/format.ts';
import { githubReport } from '../../decisions/github.ts';
import { azureDevOpsReport } from '../../decisions/azure.ts';
import { gitlabCodeQualityReport, gitlabSastReport } from '../../decisions/gitlab.ts';
import { tapReport } from '../../decisions/tap.ts';
import { htmlReport } from '../pages/batch.ts';
import { jsonlReport, jsonReport } from '../../decisions/json.ts';
import { junitReport } from '../../decisions/junit.ts';
import { markdownReport } from '../text/batch-markdown.ts';
import { sarifReport } from '../../decisions/sarif.ts';
import { textReport } from '../text/batch.ts';

export const BATCH_FORMATS = {
  text: textReport,
  json: jsonReport,
  jsonl: jsonlReport,
  sarif: sarifReport,
  junit: junitReport,
  html: htmlReport,
  markdown: markdownReport,
  github: githubReport,
  'gitlab-codequality': gitlabCodeQualityReport,
  'gitlab-sast': gitlabSastReport,
  azuredevops: azureDevOpsReport,
  tap: tapReport,
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
  tap: 'tap',
};
