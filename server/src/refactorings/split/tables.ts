/** A table object written again in a part that does not create the table: `roles = sa.table("roles", …)`. */
import type { Operation, RevisionFile } from "../../model/revision.ts";
import { lineStart } from "../../rewrite/lines.ts";
import { quoteOf, renderString } from "../../rewrite/literal.ts";
import { slice } from "../../text/range.ts";
import type { Leaf } from "./leaves.ts";

export interface TableAgain {
  /** Complete lines, indented as the statement that creates the table. */
  readonly lines: string;
  readonly uses: readonly string[];
}

/** `undefined` where the object is not wholly known, or is used for more than its columns. */
export function tableAgain(file: RevisionFile, name: string, created: Leaf, user: Leaf): TableAgain | undefined {
  const { sa } = file.aliases;
  const { statement, operations } = created;
  const [operation] = operations;
  if (
    sa === undefined ||
    operation?.kind !== "create_table" ||
    operations.length !== 1 ||
    operation.table === undefined
  )
    return undefined;
  if (
    statement.kind !== "assignment" ||
    statement.binds.length !== 1 ||
    statement.compound !== undefined ||
    created.frames.length > 0
  )
    return undefined;
  // Defaults made in Python and the key that an insert reports belong to the object that create_table returns.
  if (/(?<![\w.])(?:default|onupdate|key)\s*=/.test(slice(file.text, statement.range))) return undefined;
  if (
    /\b(?:inserted_primary_key|primary_key|create|drop|indexes|constraints)\b/.test(
      slice(file.text, user.statement.range),
    )
  )
    return undefined;
  const columns = renderColumns(file, operation, sa);
  if (columns === undefined) return undefined;
  const quote = quoteOf(file);
  const schema = operation.table.schema === undefined ? [] : [`schema=${renderString(operation.table.schema, quote)}`];
  const args = [renderString(operation.table.name, quote), ...columns.map(({ text }) => text), ...schema];
  const indent = slice(file.text, { start: lineStart(file.text, statement.range.start), end: statement.range.start });
  return {
    lines: layOut(file, indent, `${name} = ${sa}.table(`, args),
    uses: [sa, ...columns.flatMap(({ uses }) => uses)],
  };
}

const widest = 88;

function layOut(file: RevisionFile, indent: string, head: string, args: readonly string[]): string {
  const line = `${indent}${head}${args.join(", ")})`;
  if (line.length <= widest) return line + file.newline;
  const step = indent.includes("\t") ? "\t" : "    ";
  return [`${indent}${head}`, ...args.map((arg) => `${indent}${step}${arg},`), `${indent})`]
    .map((one) => one + file.newline)
    .join("");
}

interface Column {
  readonly text: string;
  readonly uses: readonly string[];
}

function renderColumns(file: RevisionFile, operation: Operation, sa: string): readonly Column[] | undefined {
  const definitions = operation.details.definitions ?? [];
  if (definitions.length === 0 || operation.confidence !== "certain") return undefined;
  const columns = definitions.map(({ name, type }): Column | undefined => {
    const own = renderString(name, quoteOf(file));
    if (type === undefined) return { text: `${sa}.column(${own})`, uses: [] };
    const written = sa === "sa" ? type : type.replaceAll(/(?<![\w.])sa\./g, `${sa}.`);
    const uses = headNames(written);
    const known = !written.includes("…") && uses.every((one) => file.module.some((item) => item.binds.includes(one)));
    return known ? { text: `${sa}.column(${own}, ${written})`, uses } : undefined;
  });
  return columns.every((column) => column !== undefined) ? columns : undefined;
}

/** Names that an expression starts from; keywords and what stands in strings left out. */
function headNames(text: string): readonly string[] {
  const code = text.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  return [...code.matchAll(/(?<![\w.])([A-Za-z_]\w*)(?!\w)(?!\s*=)/g)]
    .map(([, name = ""]) => name)
    .filter((name) => !["True", "False", "None"].includes(name));
}
