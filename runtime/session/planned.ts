/** The steps of a plan that was decided, as a run needs them. */
import type { SessionModule, Source, Template } from '../contract.ts';
import { isArray } from '../platform.ts';
import { knownArgs } from './resolve.ts';

interface WrittenStep {
  readonly id: string;
  readonly tool: string;
  readonly args?: unknown;
  readonly parameters?: unknown;
  readonly depends_on?: readonly string[];
  readonly on_fail?: unknown;
}

export interface PlannedStep {
  readonly id: string;
  readonly index: number;
  readonly tool: string;
  readonly args: unknown;
  /** The arguments as they were known when the plan was decided; what is a reference is absent. */
  readonly written: unknown;
  /** Arguments in which nothing is a reference. */
  readonly literal: readonly string[];
  /** The steps that it waits for. */
  readonly waits: readonly string[];
  /** The steps whose results stand in its arguments; `null` where a text is not understood. */
  readonly reads: readonly string[] | null;
  /** Where they stand in its arguments. */
  readonly places: readonly { readonly at: Source['at']; readonly step: string }[];
  readonly onFail: unknown;
}

const WORDS: readonly unknown[] = ['abort', 'retry', 'continue'];

export class PlannedSteps {
  readonly #steps = new Map<string, PlannedStep>();
  /** By step, the steps whose failure runs it. */
  readonly handles = new Map<string, readonly string[]>();
  /** By step, the paths into its result that others name. */
  readonly paths = new Map<string, Map<string, readonly string[]>>();
  /** By step, those in whose arguments its result stands. */
  readonly readers = new Map<string, Set<string>>();

  /** @param plan - one that has been checked */
  constructor(plan: unknown, module: SessionModule) {
    const { steps } = plan as { readonly steps: readonly WrittenStep[] };
    for (const [index, written] of steps.entries()) this.#add(written, index, module);
    for (const { id, onFail } of this.#steps.values())
      for (const handler of isArray(onFail) ? onFail : [onFail])
        if (typeof handler === 'string' && !WORDS.includes(handler) && this.#steps.has(handler))
          this.handles.set(handler, [...(this.handles.get(handler) ?? []), id]);
  }

  of(id: string): PlannedStep | undefined {
    return this.#steps.get(id);
  }

  all(): readonly PlannedStep[] {
    return [...this.#steps.values()];
  }

  readersOf(id: string): readonly PlannedStep[] {
    return [...(this.readers.get(id) ?? [])].flatMap((reader) => this.#steps.get(reader) ?? []);
  }

  #add(written: WrittenStep, index: number, module: SessionModule): void {
    const { id, tool, args = written.parameters, depends_on: before = [], on_fail: onFail = null } = written;
    const literal = module.literalArgs(tool);
    const waits = new Set(before);
    const reads = new Set<string>();
    const places: { readonly at: Source['at']; readonly step: string }[] = [];
    let isUnderstood = true;
    /** @param at - where in the arguments it stands; `null` for another field */
    const note = (template: Template, at: Source['at'] | null): void => {
      if (template.known === null && at) isUnderstood = false;
      for (const { id: other, path } of template.references) {
        waits.add(other);
        if (!at) continue;
        reads.add(other);
        places.push({ at, step: other });
        this.readers.set(other, (this.readers.get(other) ?? new Set()).add(id));
        const paths = this.paths.get(other) ?? new Map<string, readonly string[]>();
        this.paths.set(other, paths.set(JSON.stringify(path), path));
      }
    };
    const visit = (value: unknown, at: Source['at'] | null): void => {
      if (typeof value === 'string') {
        const template = module.template(value);
        if (template) note(template, at);
      } else if (isArray(value)) value.forEach((each, i) => visit(each, at && [...at, i]));
      else if (typeof value === 'object' && value !== null) {
        for (const [key, each] of Object.entries(value)) visit(each, at && [...at, key]);
      }
    };
    for (const [key, value] of Object.entries(args ?? {})) if (!literal.includes(key)) visit(value, [key]);
    for (const [key, value] of Object.entries(written))
      if (!['id', 'tool', 'args', 'parameters'].includes(key)) visit(value, null);
    this.#steps.set(id, {
      id,
      index,
      tool,
      args,
      written: knownArgs({ args, literal }, module, () => 'unread'),
      literal,
      waits: [...waits],
      reads: isUnderstood ? [...reads] : null,
      places,
      onFail,
    });
  }
}
