/** `lint --fix`: writes the fixes that make policies better and nothing worse. */
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { PolicyPlace } from '../../bundles/policy-path.ts';
import { lint, memoryHost } from '../../compiler/index.ts';
import type { Diagnostic } from '../../compiler/inspect.ts';
import type { Host, LintOptions } from '../../compiler/index.ts';
import { place } from '../../compiler/inspect.ts';
import { replaceFile } from '../files.ts';

type Texts = Map<string, string>;
type Fixable = Diagnostic & { readonly fix: NonNullable<Diagnostic['fix']> };

/** Errors of one phase hide those of the next, so that mending one round may show another. */
const MAX_ROUNDS = 10;

/**
 * Mends the policies of a place.
 *
 * @returns one line for each fix that was written
 */
export async function fixPolicies(policies: PolicyPlace, options: LintOptions): Promise<readonly string[]> {
  const host = await policies.host();
  const files = await host.readPolicyFiles();
  const texts: Texts = new Map(files.flatMap(({ path, text }) => (text === null ? [] : [[path, text]])));
  const told: string[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const fixable = (await diagnose(host, texts, options)).filter(
      (each): each is Fixable => each.fix !== undefined,
    );
    const before = told.length;
    for (const diagnostic of [...fixable].reverse()) {
      const line = await tryFix(host, diagnostic, texts, options);
      if (line !== null) told.push(line);
    }
    if (told.length === before) break;
  }
  for (const { path, text } of files) await write(join(policies.directory, path), text, texts.get(path));
  return told;
}

/** Applies one fix, from the end of the files to their start, and keeps it only if the finding goes away. */
async function tryFix(
  host: Host,
  diagnostic: Fixable,
  texts: Texts,
  options: LintOptions,
): Promise<string | null> {
  const { span, text } = diagnostic.fix;
  const { path } = span.file;
  const was = texts.get(path) ?? '';
  const found = await diagnose(host, texts, options);
  texts.set(path, was.slice(0, span.start) + text + was.slice(span.end));
  const left = await diagnose(host, texts, options);
  const gone = count(left, diagnostic) < count(found, diagnostic);
  // A fix that makes a key appear twice, say, has only traded one error for another at the same place.
  const traded = left.some((each) => each.span?.file.path === path && each.span.start === span.start);
  const now = text === '' ? 'left out' : `now \`${text}\``;
  if (gone && !traded) return `${place(span)}: \`${was.slice(span.start, span.end)}\` is ${now}`;
  texts.set(path, was);
  return null;
}

const count = (all: readonly Diagnostic[], { code, message }: Diagnostic): number =>
  all.filter((each) => each.code === code && each.message === message).length;

async function diagnose(directory: Host, texts: Texts, options: LintOptions): Promise<readonly Diagnostic[]> {
  // The policies as they are by now, beside a tool catalog that no fix changes.
  const host: Host = {
    ...memoryHost(Object.fromEntries(texts)),
    readFile: (path) => directory.readFile(path),
  };
  return (await lint(host, options)).diagnostics;
}

async function write(path: string, was: string | null, text: string | undefined): Promise<void> {
  if (was === null || text === undefined || was === text) return;
  // Behind a link it is the file that is mended, and the link stays one.
  const real = await realpath(path);
  // Someone who saved in the meantime keeps what they saved.
  if (!(await readFile(real, 'utf8')).endsWith(was)) return;
  await replaceFile({ path: real, content: text });
}
