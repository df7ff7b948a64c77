/** `plan-lint init`: a first policy, its test, a plan and a CI workflow, to be changed rather than written. */
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SCHEMA_FILES } from '../../compiler/index.ts';
import { TEST_SCHEMA_FILE } from '../testing/shape.ts';
import { shapeText } from './schema.ts';
import { reportFailures } from '../terminal/failure.ts';
import { createFiles } from '../files.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { writtenFiles } from '../text/written.ts';
import type { PrintFormat } from '../text/written.ts';
import { GITHUB_WORKFLOW, GITLAB_PIPELINE, STARTER } from '../authoring/starter.ts';

export interface InitOptions {
  /** Where to write; default: the working directory. */
  readonly directory?: string;
  readonly ci?: 'github' | 'gitlab' | 'none';
  readonly format?: PrintFormat;
}

export function init({ directory = '.', ci = 'github', format }: InitOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const root = resolve(io.cwd, directory);
    const workflow = {
      github: { '.github/workflows/plan-lint.yml': GITHUB_WORKFLOW },
      gitlab: { '.gitlab-ci.yml': GITLAB_PIPELINE },
      none: {},
    }[ci];
    const schema = {
      [`policies/${SCHEMA_FILES.policy}`]: shapeText('policy'),
      [`policies/${TEST_SCHEMA_FILE}`]: shapeText('test'),
    };
    const files = Object.entries({ ...STARTER, ...schema, ...workflow });
    for (const [path] of files) await mkdir(dirname(resolve(root, path)), { recursive: true });
    await createFiles(files.map(([path, content]) => ({ path: resolve(root, path), content })));
    const paths = files.map(([path]) => path);
    io.stdout(writtenFiles('wrote', paths, format));
    io.stderr(
      'try\n' +
        '  plan-lint lint --policy-dir policies/\n' +
        '  plan-lint test-policies --policy-dir policies/ --test-dir policy-tests/\n' +
        '  plan-lint validate-batch --plans-dir agent/plans/ --policy-dir policies/\n',
    );
    return EXIT.ok;
  });
}
