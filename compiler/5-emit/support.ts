import { ENGINE_PARTS } from '#engine-parts';
import { supportSource } from '../code/code.ts';
import type { Code } from '../code/code.ts';

/**
 * The part of the engine that a module uses, a function around it, so that its short names are its own.
 *
 * @param names - exports of `engine/index.ts`
 */
export function engineFor(names: readonly string[]): Code {
  if (names.length === 0) return supportSource('');
  const exported = names.map((outside) => {
    const place = ENGINE_PARTS.exports[outside];
    if (!place) throw new Error(`the engine has no \`${outside}\``);
    return { outside, inside: place[0], piece: place[1] };
  });
  const taken = exported.map(({ outside }) => outside).join();
  const given = exported
    .map(({ inside, outside }) => (inside === outside ? inside : `${outside}:${inside}`))
    .join();
  return supportSource(
    `const{${taken}}=(()=>{${textOf(neededFor(exported.map(({ piece }) => piece)))}return{${given}}})();`,
  );
}

/** These pieces and all that they need, in order. */
function neededFor(roots: readonly number[]): readonly number[] {
  const needed = new Set<number>();
  const open = [...roots];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (needed.has(at)) continue;
    needed.add(at);
    open.push(...(ENGINE_PARTS.pieces[at]?.needs ?? []));
  }
  return [...needed].sort((one, other) => one - other);
}

/** Neighbouring variables share a statement. */
function textOf(pieces: readonly number[]): string {
  let text = '';
  let open = false;
  for (const at of pieces) {
    const piece = ENGINE_PARTS.pieces[at];
    if (!piece) continue;
    const isVariable = piece.keyword !== '';
    if (open && !isVariable) text += ';';
    text += isVariable ? `${open ? ',' : 'var '}${piece.text}` : piece.text;
    open = isVariable;
  }
  return open ? `${text};` : text;
}
