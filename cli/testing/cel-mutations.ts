/** Small faults in a CEL condition: of its tree, printed back as text. */
import type { Ast } from '../../compiler/inspect.ts';
import { parseCel, partsOf, printCel } from '../../compiler/inspect.ts';

export interface CelMutation {
  readonly what: string;
  /** The whole condition. */
  readonly text: string;
}

const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>'],
  '<=': ['<', '>='],
  '>': ['>=', '<'],
  '>=': ['>', '<='],
  '==': ['!='],
  '!=': ['=='],
};

/** @param source - a condition that compiles */
export function celMutations(source: string): readonly CelMutation[] {
  const root = parseCel(source);
  const mutants: CelMutation[] = [];
  const add = (part: Ast, what: string, text: string): void => {
    mutants.push({ what, text: printCel(root, source, (each) => (each === part ? text : null)) });
  };
  const print = (part: Ast): string => printCel(part, source);
  add(root, 'the condition negated', `!(${print(root)})`);
  for (const part of partsOf(root)) {
    if (part.kind === 'constant') constantMutations(part, print(part), add);
    if (part.kind !== 'call' || part.receiver) continue;
    const [left, right] = part.args;
    const sign = /^_(.*)_$/.exec(part.name)?.[1] ?? '';
    if (left && right && (sign === '&&' || sign === '||')) {
      const other = sign === '&&' ? '||' : '&&';
      add(part, `${sign} → ${other}`, `((${print(left)}) ${other} (${print(right)}))`);
      add(part, `${shown(print(right))} dropped`, `(${print(left)})`);
      add(part, `${shown(print(left))} dropped`, `(${print(right)})`);
    }
    for (const other of left && right ? (COMPARISONS[sign] ?? []) : []) {
      if (left && right) add(part, `${sign} → ${other}`, `((${print(left)}) ${other} (${print(right)}))`);
    }
    if (part.name === '!_' && left) add(part, '! dropped', `(${print(left)})`);
  }
  return mutants;
}

function constantMutations(
  part: Ast & { kind: 'constant' },
  text: string,
  add: (part: Ast, what: string, text: string) => void,
): void {
  const { constant } = part;
  const change = (to: string): void => add(part, `${text} → ${to}`, `(${to})`);
  if (constant.kind === 'bool') change(String(!constant.value));
  if (constant.kind === 'double') for (const step of [-1, 1]) change(double(constant.value + step));
  if (constant.kind !== 'int' && constant.kind !== 'uint') return;
  const isInt = constant.kind === 'int';
  for (const step of [-1n, 1n]) {
    const next = BigInt(constant.value) + step;
    const fits = (isInt ? BigInt.asIntN(64, next) : BigInt.asUintN(64, next)) === next;
    if (fits) change(`${next}${isInt ? '' : 'u'}`);
  }
}

/** As CEL writes a double: with a point or an exponent. */
const double = (value: number): string => (/[.e]/.test(String(value)) ? String(value) : `${value}.0`);

const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
