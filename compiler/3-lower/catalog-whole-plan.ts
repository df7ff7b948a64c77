import type { Located } from '../ir/source.ts';
import { amountsOf } from '../ir/whole-plan.ts';
import type { PathPair, ToolList, WholePlanBody } from '../ir/whole-plan.ts';

/** An argument path, and the tools whose arguments it leads into. */
export interface PathRead {
  readonly tools: ToolList;
  readonly path: Located<string>;
}

/** Every argument that a rule about the whole plan reads. The sources of `flows` lead into the context, which no catalog lists. */
export function pathsRead(body: WholePlanBody): readonly PathRead[] {
  const { tools } = body;
  const both = (pairs: readonly PathPair[], others: ToolList): readonly PathRead[] =>
    pairs.flatMap(({ here, there }) => [
      { tools, path: here },
      { tools: others, path: there },
    ]);
  switch (body.kind) {
    case 'max_calls':
      return body.per ? [{ tools, path: body.per }] : [];
    case 'max_total':
      return [
        ...(body.per ? [{ tools, path: body.per }] : []),
        ...amountsOf(body).map((one) => ({ tools: one.tools, path: one.arg })),
      ];
    case 'require_before':
      return both(body.same, body.before);
    case 'require_after':
      return both(body.same, body.after);
    case 'separate_duty':
      return both(body.by ? [...body.same, body.by] : body.same, body.other);
    case 'flows':
      return body.into.map((one) => ({ tools: one.tools, path: one.arg }));
    case 'on_fail':
      return [];
  }
}
