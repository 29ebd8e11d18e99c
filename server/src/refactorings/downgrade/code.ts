/** Python code of a file's own kind: its quotes, and its words for `op` and `sa`. */
import type { RevisionFile } from "../../model/revision.ts";
import type { Edit } from "../../rewrite/edit.ts";
import { quoteOf, renderString } from "../../rewrite/literal.ts";
import type { QualifiedName } from "../../sql/action.ts";

export interface Code {
  readonly op: string;
  /** `sa` and whatever else it is asked for, imported where it is not yet. */
  readonly name: (path: string) => string;
  readonly text: (value: string) => string;
  readonly list: (values: readonly string[]) => string;
  /** A call, without the arguments that are undefined. */
  readonly call: (callee: string, ...given: readonly (string | undefined)[]) => string;
  /** A name that no naming convention is to change. */
  readonly final: (name: string) => string;
  readonly schema: (table: QualifiedName, keyword?: string) => string | undefined;
}

export function codeFor(file: RevisionFile, edit: Edit): Code {
  const quote = quoteOf(file);
  const text = (value: string): string => renderString(value, quote);
  const op = edit.addImport("alembic.op");
  const call: Code["call"] = (callee, ...given) =>
    `${callee}(${given.filter((argument) => argument !== undefined).join(", ")})`;
  return {
    op,
    name: (path) => edit.addImport(path),
    text,
    list: (values) => `[${values.map(text).join(", ")}]`,
    call,
    final: (name) => call(`${op}.f`, text(name)),
    schema: ({ schema }, keyword = "schema") => (schema === undefined ? undefined : `${keyword}=${text(schema)}`),
  };
}
