/** `plan-lint report compliance`: what the audit logs of a period prove, control by control. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseTrustRoot } from '@plan-lint/runtime';
import { UsageError } from '../../bundles/failure.ts';
import { auditTools, instants } from '../audit/tools.ts';
import type { ComplianceReport } from '../audit/compliance.ts';
import { replaceFile } from '../files.ts';
import { compliancePage } from '../pages/compliance.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { complianceText } from '../text/compliance.ts';

export interface ReportComplianceOptions {
  /** Paths of the files that are written, one an instance. */
  readonly logs: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly controls: string;
  readonly trust?: string;
  /** `sqlite:FILE` or `postgres://…`. */
  readonly results?: string;
  /** A file with the address. */
  readonly resultsFile?: string;
  readonly format?: ComplianceFormat;
  /** Reports in files; the extension says which: `.html`, `.json`, `.txt`. */
  readonly output?: readonly string[];
}

const FORMATS = {
  text: complianceText,
  json: (report: ComplianceReport): string => `${JSON.stringify(report, null, 2)}\n`,
  html: compliancePage,
} as const;
type ComplianceFormat = keyof typeof FORMATS;

function formatOf(path: string): ComplianceFormat {
  const format = ({ html: 'html', json: 'json', txt: 'text' } as const)[/[a-z]+$/.exec(path)?.[0] ?? ''];
  if (format) return format;
  throw new UsageError(`\`${path}\` does not say which report it is to be`, 'end it in .html, .json or .txt');
}

async function addressOf(
  { results, resultsFile }: ReportComplianceOptions,
  { cwd }: Io,
): Promise<string | undefined> {
  if (results !== undefined && resultsFile !== undefined)
    throw new UsageError(
      'one database is asked',
      'name it: --results sqlite:results.db, or --results-file FILE',
    );
  const url =
    resultsFile === undefined ? results : (await readFile(resolve(cwd, resultsFile), 'utf8')).trim();
  return url?.startsWith('sqlite:') ? `sqlite:${resolve(cwd, url.slice('sqlite:'.length))}` : url;
}

/** A log that was tampered with proves nothing: 1, or 4 where somebody untrusted has signed; the report is written all the same. */
function exitOf({ chain, database }: ComplianceReport): number {
  const isRefused = chain.logs.some(({ findings }) =>
    findings.some(({ code }) => code === 'checkpoint_refused'),
  );
  if (isRefused) return EXIT.trust;
  return chain.whole && database?.agrees !== false ? EXIT.ok : EXIT.findings;
}

export function reportCompliance(options: ReportComplianceOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const { complianceReport } = await auditTools();
    const outputs = (options.output ?? []).map((path) => ({ path, format: formatOf(path) }));
    const { logs, controls, trust } = options;
    const read = (path: string): Promise<Uint8Array> => readFile(resolve(io.cwd, path));
    const results = await addressOf(options, io);
    const report = await complianceReport({
      logs: logs.map((log) => resolve(io.cwd, log)),
      ...instants(options, io),
      now: io.now(),
      controls: { text: Buffer.from(await read(controls)).toString('utf8'), file: controls },
      trust: trust === undefined ? null : parseTrustRoot(await read(trust)),
      ...(results !== undefined && { results }),
    });
    if ('problem' in report) throw new UsageError(report.problem, report.hint);
    io.stdout(FORMATS[options.format ?? 'text'](report));
    for (const { path, format } of outputs) {
      const absolute = resolve(io.cwd, path);
      await mkdir(dirname(absolute), { recursive: true });
      await replaceFile({ path: absolute, content: FORMATS[format](report) });
    }
    if (trust === undefined)
      io.stderr(
        'note: no checkpoint was verified: whether the end was cut off, or all of it written anew, nobody can tell\n  hint: --trust trust.json\n',
      );
    return exitOf(report);
  });
}
