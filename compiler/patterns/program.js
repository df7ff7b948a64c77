import { ALL } from './charset.js';
import { wordBoundary } from './node.js';
import { TooManyStates, WrongDirection } from './refusal.js';
/**
 * @throws WrongDirection for a lookaround over what lies ahead.
 * @throws TooManyStates when repetitions write out to more than `limit` instructions.
 */
export function buildProgram(node, direction, limit) {
  const looks = [];
  const main = build(node, direction, limit, looks);
  return { main, looks };
}
function build(root, direction, limit, looks) {
  const instructions = [];
  const add = (instruction) => {
    if (instructions.length >= limit) throw new TooManyStates('program');
    return instructions.push(instruction) - 1;
  };
  const sideOf = (side) => ((side === 'before') === (direction === 'forward') ? 'behind' : 'ahead');
  /** A loop head must exist before its body; it learns where to go afterwards. */
  const loop = (body) => {
    const head = { op: 'split', next: [] };
    const at = add(head);
    head.next = body(at);
    return at;
  };
  function emit(node, next) {
    switch (node.kind) {
      case 'set':
        return add({ op: 'character', set: node.set, next });
      case 'sequence': {
        const items = direction === 'forward' ? [...node.items].reverse() : node.items;
        return items.reduce((after, item) => emit(item, after), next);
      }
      case 'choice':
        return add({ op: 'split', next: node.items.map((item) => emit(item, next)) });
      case 'repeat': {
        let after = next;
        if (node.max === Infinity) {
          after = loop((head) => [emit(node.body, head), next]);
        } else {
          for (let i = node.min; i < node.max; i++) {
            after = add({ op: 'split', next: [emit(node.body, after), next] });
          }
        }
        for (let i = 0; i < node.min; i++) after = emit(node.body, after);
        return after;
      }
      case 'near':
        return add({ op: 'near', side: sideOf(node.side), set: node.set, edge: node.edge, next });
      case 'word':
        return emit(wordBoundary(node), next);
      case 'look': {
        if (sideOf(node.side) === 'ahead') throw new WrongDirection(node.span);
        looks.push(build(node.body, direction, limit, looks));
        return add({ op: 'look', look: looks.length - 1, negate: node.negate, next });
      }
    }
  }
  const first = emit(root, add({ op: 'match' }));
  const search = loop((head) => [first, add({ op: 'character', set: ALL, next: head })]);
  return { instructions, start: search, search };
}
