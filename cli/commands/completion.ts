/** `plan-lint completion`: a script that lets a shell complete verbs and flags. */
import { reportFailures } from '../terminal/failure.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';

/** The verbs as a shell needs them. */
export interface VerbShape {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly FlagShape[];
  readonly verbs: readonly VerbShape[];
  /** What its first argument may be; `null` where any text or file may, or none is taken. */
  readonly choices: readonly string[] | null;
}

export interface FlagShape {
  readonly name: string;
  readonly summary: string;
  /** Values it may have; `null` where any text, or none, may follow. */
  readonly choices: readonly string[] | null;
  readonly takesValue: boolean;
}

export interface CompletionOptions {
  readonly shell: 'bash' | 'zsh' | 'fish';
  readonly verbs: readonly VerbShape[];
}

const SHELLS = { bash, zsh, fish } as const;

export function completion({ shell, verbs }: CompletionOptions, io: Io): Promise<number> {
  return reportFailures(io, () => {
    io.stdout(SHELLS[shell](verbs));
    return Promise.resolve(EXIT.ok);
  });
}

interface Row {
  readonly path: string;
  /** What may stand where a flag does not: verbs below, or the values of an argument; none: a file. */
  readonly words: readonly string[];
  readonly flags: readonly FlagShape[];
}

/** Each verb with its path, `report merge` for a verb below a verb. */
function rowsOf(verbs: readonly VerbShape[], above = ''): readonly Row[] {
  return verbs.flatMap(({ name, flags, choices, verbs: below }) => {
    const path = above === '' ? name : `${above} ${name}`;
    const words = below.length > 0 ? below.map((each) => each.name) : (choices ?? []);
    return [{ path, words, flags }, ...rowsOf(below, path)];
  });
}

function bash(verbs: readonly VerbShape[]): string {
  const rows = rowsOf(verbs);
  const values = rows.flatMap(({ path, flags }) =>
    flags.flatMap(({ name, choices, takesValue }) =>
      takesValue ? [`    '${path} ${name}') words='${choices?.join(' ') ?? ''}' ;;\n`] : [],
    ),
  );
  return `# plan-lint completion bash > /etc/bash_completion.d/plan-lint
_plan_lint() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} verb='' words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      -*) ;;
      *) case "$verb \${COMP_WORDS[i]}" in
${rows.map(({ path }) => `        '${path.includes(' ') ? path : ` ${path}`}') verb='${path}' ;;\n`).join('')}      esac ;;
    esac
  done
  case "$verb $before" in
${values.join('')}    *) case "$verb" in
      '') words='${verbs.map(({ name }) => name).join(' ')} --help --version' ;;
${rows.map(bashRow).join('')}    esac ;;
  esac
  COMPREPLY=()
  [[ -z $words ]] || COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _plan_lint plan-lint
`;
}

/** Flags where a dash stands; otherwise what the verb takes, and a file where that is nothing we know. */
function bashRow({ path, words, flags }: Row): string {
  const names = [...flags.map(({ name }) => name), '--help'].join(' ');
  return `      '${path}') words='${words.join(' ')}'; [[ $word != -* ]] || words='${names}' ;;\n`;
}

function zsh(verbs: readonly VerbShape[]): string {
  return `#compdef plan-lint
# plan-lint completion zsh > "\${fpath[1]}/_plan-lint"
autoload -U +X bashcompinit && bashcompinit
${bash(verbs)}`;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fish(verbs: readonly VerbShape[]): string {
  const lines = verbs.flatMap(({ name, summary, flags, choices, verbs: below }) => {
    const inside = `-n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c plan-lint -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...below.map((each) => `complete -c plan-lint ${inside} -a ${each.name} -d ${quoted(each.summary)}`),
      ...(choices ? [`complete -c plan-lint ${inside} -x -a ${quoted(choices.join(' '))}`] : []),
      ...[...flags, ...below.flatMap((each) => each.flags)].map((flag) => {
        const anyValue = flag.takesValue ? ' -r' : '';
        const values = flag.choices ? ` -x -a ${quoted(flag.choices.join(' '))}` : anyValue;
        return `complete -c plan-lint ${inside} -l ${flag.name.slice(2)}${values} -d ${quoted(flag.summary)}`;
      }),
    ];
  });
  return `# plan-lint completion fish > ~/.config/fish/completions/plan-lint.fish\n${[...new Set(lines)].join('\n')}\n`;
}
