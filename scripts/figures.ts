/**
 * How the house reads, as figures: words a sentence and for each example in the pages, and how long names are in the code.
 * `node --conditions=@plan-lint/source --import ./scripts/typescript.mjs scripts/figures.ts [DIRECTORY]`, of this checkout or another.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { sentencesOf, wordsIn } from './prose.ts';

const root = resolve(process.argv[2] ?? '.');
const ROOMS = ['bundles', 'cli', 'compiler', 'decisions', 'engine', 'plans', 'runtime', 'workers'];

function filesBelow(folder: string, ending: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path).replaceAll('\\', '/'))
    .filter((path) => path.endsWith(ending) && !/(^|\/)(dist|node_modules|codes)\//.test(path));
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const mean = (sum: number, count: number): string => (sum / Math.max(1, count)).toFixed(1);

/** Pages that people wrote; those of codes are made from data. */
function prose(): void {
  const pages = ['README.md', ...filesBelow('docs', '.md')];
  const sentences = pages.flatMap((page) => sentencesOf(read(page)).map(wordsIn));
  const words = sentences.reduce((sum, each) => sum + each, 0);
  const examples = pages.reduce((sum, page) => sum + (read(page).match(/^```\w*.*\n/gm) ?? []).length / 2, 0);
  console.log(`pages ${pages.length}, sentences ${sentences.length}`);
  console.log(`words a sentence   ${mean(words, sentences.length)} (longest ${Math.max(...sentences)})`);
  console.log(`words an example   ${mean(words, Math.floor(examples))} (${Math.floor(examples)} examples)`);
}

function declaredNames(path: string): readonly string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const isDeclared =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isPropertySignature(node) ||
      ts.isMethodDeclaration(node);
    if (isDeclared && node.name && ts.isIdentifier(node.name)) names.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest));
  return names;
}

function identifiers(): void {
  const names = ROOMS.flatMap((room) => filesBelow(room, '.ts')).flatMap(declaredNames);
  const letters = names.reduce((sum, name) => sum + name.length, 0);
  const share = (test: (name: string) => boolean): string =>
    `${mean(100 * names.filter(test).length, names.length)} %`;
  console.log(`names ${names.length}`);
  console.log(`letters a name     ${mean(letters, names.length)}`);
  console.log(`of one letter      ${share((name) => name.length === 1)}`);
  console.log(`of several words   ${share((name) => /[a-z][A-Z]|_./.test(name))}`);
}

prose();
identifiers();
