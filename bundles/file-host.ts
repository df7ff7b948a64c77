/** One policy file and what it extends, as the compiler asks for them. */
import { posix } from 'node:path';
import { parseYaml } from '../compiler/index.ts';
import type { Host, HostFile } from '../compiler/index.ts';
import { Diagnostics } from '../compiler/inspect.ts';
import type { YamlNode } from '../compiler/inspect.ts';

/** What of a policy file says who it is and who its parents are. */
interface Names {
  readonly own: readonly string[];
  readonly parents: readonly string[];
}

/**
 * Narrows a directory to one file of it and the files that it extends, by path or by name; `plan-lint.yaml` stays, for it
 * speaks for all of them. A file that lies beside them and is no policy does not matter.
 */
export function fileHost(directory: Host, file: string): Host {
  return {
    ...directory,
    async readPolicyFiles() {
      const all = new Map((await directory.readPolicyFiles()).map((each) => [each.path, each]));
      const names = new Map([...all.values()].map((each) => [each.path, namesOf(each)]));
      const taken = new Set<string>();
      const waiting = [file];
      for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
        if (taken.has(path) || !all.has(path)) continue;
        taken.add(path);
        for (const parent of names.get(path)?.parents ?? []) waiting.push(...lookUp(path, parent, names));
      }
      return [...all.values()].filter(({ path }) => taken.has(path) || path === 'plan-lint.yaml');
    },
  };
}

/** The files that a parent may mean: that at its path, else those of its name. */
function lookUp(from: string, parent: string, names: ReadonlyMap<string, Names>): readonly string[] {
  const [written = ''] = parent.split('#');
  const path = posix.join(posix.dirname(from), written);
  if (names.has(path)) return [path];
  return [...names].filter(([, { own }]) => own.includes(parent)).map(([each]) => each);
}

function namesOf({ path, text }: HostFile): Names {
  const node = text === null ? null : parseYaml({ path, text }, new Diagnostics());
  if (!node) return { own: [], parents: [] };
  const policies = member(node, 'policies');
  const blocks = policies?.kind === 'sequence' ? policies.items : [];
  return {
    own: [
      posix.basename(path, posix.extname(path)),
      ...[node, ...blocks].flatMap((each) => texts(member(each, 'name'))),
    ],
    parents: [node, ...blocks].flatMap((each) => texts(member(each, 'extends'))),
  };
}

const member = (node: YamlNode, key: string): YamlNode | undefined =>
  node.kind === 'mapping' ? node.entries.find((entry) => entry.key === key)?.value : undefined;

function texts(node: YamlNode | undefined): readonly string[] {
  if (node?.kind === 'sequence') return node.items.flatMap(texts);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? [node.value] : [];
}
