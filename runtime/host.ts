/**
 * Node's own modules, taken from the process instead of by `import`: the runtime compiles without Node's types, and bundlers
 * for other hosts do not stumble over it.
 */
declare const process: { getBuiltinModule(name: string): unknown };

/** Captured when this file is first imported, before any bundle runs. */
const getBuiltinModule = process.getBuiltinModule.bind(process);

/** A module of Node, typed by who asks for as much of it as they use. */
export function builtin(name: string): unknown {
  return getBuiltinModule(name);
}
