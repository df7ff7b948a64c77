/** Links between pages lead somewhere: the file is there, and so is the heading. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf } from './page.ts';

const inDocs = readdirSync(fileOf('docs'), { recursive: true, encoding: 'utf8' })
  .map((path) => `docs/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.md'));
const examples = readdirSync(fileOf('examples'), { recursive: true, encoding: 'utf8' })
  .map((path) => `examples/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.md'));
const beside = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'runtime/README.md', 'policies/README.md'];

const withoutCode = (page: string): string =>
  page.replace(/^```[^]*?^```$/gm, '').replace(/`[^`\n]*`/g, 'code');

/** A heading as GitHub names it in an address. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function anchorsIn(path: string): readonly string[] {
  const page = readFileSync(fileOf(path), 'utf8').replace(/^```[^]*?^```$/gm, '');
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

/** Why a link leads nowhere, or '' where it does lead somewhere. */
function complaint(from: string, link: string): string {
  if (/^[a-z]+:/.test(link)) return '';
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : join(dirname(from), file);
  if (!existsSync(fileOf(target))) return `${link}: no such file`;
  if (anchor === undefined || statSync(fileOf(target)).isDirectory()) return '';
  return anchorsIn(target).includes(anchor) ? '' : `${link}: no such heading`;
}

describe('links between pages', () => {
  it('are told when they lead nowhere', () => {
    expect(complaint('README.md', 'docs/none.md')).not.toBe('');
    expect(complaint('README.md', '#no-such-heading')).not.toBe('');
  });

  it.each([...beside, ...inDocs, ...examples])('%s', (path) => {
    const links = [...withoutCode(readFileSync(fileOf(path), 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)];
    const complaints = links.map(([, link = '']) => complaint(path, link));
    expect(complaints.filter((each) => each !== '')).toEqual([]);
  });
});

/** Hints and examples of the program point at pages too. */
it('pages that diagnostics name are there', () => {
  const texts = readFileSync(fileOf('docs/diagnostics.md'), 'utf8');
  const named = [...texts.matchAll(/docs\/[a-z/-]+\.md/g)].map(([path]) => path);
  expect(named.filter((path) => !existsSync(fileOf(path)))).toEqual([]);
});
