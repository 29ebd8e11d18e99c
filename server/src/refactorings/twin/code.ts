/** The code that makes a second column, keeps it in step with the first, and takes it or the first away. */
import { quoteName, renderFullName } from "../../sql/quote.ts";
import { Refused } from "../../rewrite/refused.ts";
import { renderColumnType } from "../../sql/postgres/type-text.ts";
import { renderName, type ColumnDefinition } from "../../sql/action.ts";
import type { Column } from "../../schema/state.ts";
import type { ColumnType, SqlExpression } from "../../sql/definition.ts";
import type { Code } from "../downgrade/code.ts";
import { renderDirectives } from "../downgrade/directives.ts";
import type { Twin } from "./column.ts";

export const quote = (name: string): string => quoteName(name, "postgresql");

export const execute = (code: Code, sql: string): string => code.call(`${code.op}.execute`, code.text(forText(sql)));

/** In `text()` a colon before a name begins a parameter. */
const forText = (sql: string): string => sql.replaceAll(/(?<![:\w\\]):(?=\w)/g, "\\:");

/** A column as it was, under a name and a type, without NOT NULL and its default. */
export function addColumn(code: Code, twin: Twin, name: string, type: ColumnType): string {
  const { collation, comment } = twin.old;
  const definition: ColumnDefinition = {
    name,
    sqlType: type,
    ...(collation !== undefined && { collation }),
    ...(comment !== undefined && { comment }),
  };
  const lines = renderDirectives(
    {
      kind: "add_column",
      effect: "schema",
      table: twin.table,
      columns: [name],
      touches: [],
      details: { definitions: [definition] },
    },
    code,
    true,
  );
  if (!lines)
    throw new Refused(`The type ${renderColumnType(type)} of ${renderName(twin.table)}.${name} cannot be written.`);
  return lines.join("\n");
}

export const dropColumn = (code: Code, { table }: Twin, name: string): string =>
  code.call(`${code.op}.drop_column`, code.text(table.name), code.text(name), code.schema(table));

export const renameColumn = (code: Code, { table }: Twin, from: string, to: string): string =>
  code.call(
    `${code.op}.alter_column`,
    code.text(table.name),
    code.text(from),
    `new_column_name=${code.text(to)}`,
    code.schema(table),
  );

/** NOT NULL and the default, as `like` has them; nothing where it has none of both. */
export function setLike(
  code: Code,
  { table }: Twin,
  name: string,
  like: Pick<Column, "nullable" | "default" | "serial">,
): readonly string[] {
  // What a sequence of its own gives is moved with the sequence.
  const fills = like.default && !like.serial ? defaultText(code, like.default) : undefined;
  const changes = [
    like.nullable === false ? "nullable=False" : undefined,
    fills === undefined ? undefined : `server_default=${fills}`,
  ];
  if (changes.every((change) => change === undefined)) return [];
  return [code.call(`${code.op}.alter_column`, code.text(table.name), code.text(name), ...changes, code.schema(table))];
}

/** Takes NOT NULL and the default away again. */
export function unsetLike(
  code: Code,
  { table }: Twin,
  name: string,
  like: Pick<Column, "nullable" | "default" | "serial">,
): readonly string[] {
  const changes = [
    like.nullable === false ? "nullable=True" : undefined,
    like.default ? "server_default=None" : undefined,
  ];
  if (changes.every((change) => change === undefined)) return [];
  return [code.call(`${code.op}.alter_column`, code.text(table.name), code.text(name), ...changes, code.schema(table))];
}

function defaultText(code: Code, { sql }: SqlExpression): string {
  if (sql === undefined) throw new Refused("The default of the column is not known.");
  return code.call(code.name("sqlalchemy.text"), code.text(forText(sql)));
}

/** Makes the function and the trigger that runs it for each row. `body`: lines of PL/pgSQL. */
export function addTrigger(code: Code, { table, trigger, function: name }: Twin, body: readonly string[]): string {
  const lines = [
    `CREATE FUNCTION ${renderFullName(name)}() RETURNS trigger LANGUAGE plpgsql AS $$`,
    "BEGIN",
    ...body.map((line) => `    ${line}`),
    "    RETURN NEW;",
    "END",
    "$$",
  ];
  return [
    executeLines(code, lines),
    executeLines(code, [
      `CREATE TRIGGER ${quote(trigger)} BEFORE INSERT OR UPDATE ON ${renderFullName(table)}`,
      `FOR EACH ROW EXECUTE FUNCTION ${renderFullName(name)}()`,
    ]),
  ].join("\n");
}

function executeLines(code: Code, lines: readonly string[]): string {
  const sql = lines.join("\n");
  if (sql.includes("\\") || sql.includes('"""') || forText(sql) !== sql)
    throw new Refused("What keeps both columns in step has characters that would have to be escaped.");
  return [`${code.op}.execute(`, `    """`, ...lines.map((line) => `        ${line}`), `        """`, ")"].join("\n");
}

export const dropTrigger = (code: Code, { table, trigger, function: name }: Twin): readonly string[] => [
  execute(code, `DROP TRIGGER ${quote(trigger)} ON ${renderFullName(table)}`),
  execute(code, `DROP FUNCTION ${renderFullName(name)}()`),
];

/** Of the column that is new: holds for every row that is written from now on. */
export const addCheck = (code: Code, { table, name, check }: Twin): readonly string[] =>
  check === undefined
    ? []
    : [
        code.call(
          `${code.op}.create_check_constraint`,
          code.final(check),
          code.text(table.name),
          code.text(`${quote(name)} IS NOT NULL`),
          code.schema(table),
          "postgresql_not_valid=True",
        ),
      ];

export const validateCheck = (code: Code, { table, check }: Twin): readonly string[] =>
  check === undefined
    ? []
    : [execute(code, `ALTER TABLE ${renderFullName(table)} VALIDATE CONSTRAINT ${quote(check)}`)];

export const dropCheck = (code: Code, { table, check }: Twin): readonly string[] =>
  check === undefined
    ? []
    : [
        code.call(
          `${code.op}.drop_constraint`,
          code.final(check),
          code.text(table.name),
          `type_=${code.text("check")}`,
          code.schema(table),
        ),
      ];
