import type { YamlNode } from './node.ts';
import type { Located, SourceFile } from './source.ts';

/** JSON as data. Objects have no prototype: `__proto__` is a key like any other. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A JSON Schema; `true` admits every value, `false` none. */
export type Schema = boolean | JsonObject;

/** The tools that agents have, as `plan-lint.yaml` names them by `catalog:`. Stage: parse → lower, emit. */
export interface ToolCatalog {
  /** The file as read; its digest goes into the statement. */
  readonly file: SourceFile;
  /** By name, in the file's order. */
  readonly tools: ReadonlyMap<string, CatalogTool>;
  /** Names of tools that are in the file and, by `leave_out`, not among `tools`: nothing is known of their arguments. */
  readonly leftOut: ReadonlySet<string>;
}

/** Whether the file of the catalog lists a tool, left out or not. */
export const listsTool = (catalog: ToolCatalog | null, name: string): boolean =>
  catalog !== null && (catalog.tools.has(name) || catalog.leftOut.has(name));

export interface CatalogTool {
  readonly name: Located<string>;
  /** What the tool's arguments are: a valid JSON Schema, whose references all lead to places in itself. */
  readonly input: JsonObject;
  /** The same with places. */
  readonly inputNode: YamlNode;
}
