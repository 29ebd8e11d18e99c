/** What a migration does, as the engine reads it from its Python, and from the SQL that the real Alembic makes of it. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseSync } from "libpg-query";
import { readRevision } from "../../server/src/model/read.ts";
import type { Action, ColumnDefinition, Details, Dialect } from "../../server/src/sql/action.ts";
import type { ConstraintDefinition, IndexDefinition, SqlExpression } from "../../server/src/sql/definition.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import { pythonWithAlembic } from "../support/python.ts";

export interface Written {
  readonly sql?: string;
  readonly error?: string;
}

/** A question to `write_sql.py`. */
export type Question = { readonly dialect: Dialect } & ({ readonly code: string } | { readonly type: string });

/** The answers of the real Alembic and SQLAlchemy, all in one process. */
export async function ask(questions: readonly Question[]): Promise<readonly Written[]> {
  const child = spawn(await pythonWithAlembic(), [join(import.meta.dirname, "write_sql.py")], {
    env: { ...process.env, PYTHONUTF8: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(JSON.stringify(questions));
  const [answer, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (answer === "") throw new Error(`Alembic gave no answer: ${complaint}`);
  return JSON.parse(answer) as Written[];
}

/** The SQL of each piece of Python. */
export async function writeSql(codes: readonly string[], dialect: Dialect): Promise<readonly Written[]> {
  const answers = await ask(codes.map((code) => ({ code, dialect })));
  // The default driver of PostgreSQL takes two percent signs for one; offline nothing undoes that.
  return answers.map((answer) => ({
    ...answer,
    ...(answer.sql !== undefined && { sql: answer.sql.replaceAll("%%", "%") }),
  }));
}

const imports = `import enum
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
revision = "a"
down_revision = None
`;

export const actionsOfPython = (code: string, dialect: Dialect): readonly Action[] =>
  readRevision("a.py", `${imports}def upgrade():\n${indented(code)}\n`, { dialect }).upgrades.flatMap(
    ({ operations }) => operations,
  );

const indented = (code: string): string =>
  code
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");

export const actionsOfSql = (sql: string, dialect: Dialect): readonly Action[] =>
  parseSql(sql, dialect).flatMap(({ actions }) => actions);

/** What several actions amount to, in a form in which both readings can be equal. */
export interface Picture {
  readonly tables: readonly string[];
  readonly columns: readonly object[];
  readonly constraints: readonly object[];
  readonly indexes: readonly object[];
  readonly enumTypes: readonly object[];
  readonly changes: readonly object[];
  readonly others: readonly string[];
}

const defining = new Set(["create_table", "add_column"]);

export function pictureOf(actions: readonly Action[]): Picture {
  const of = <T>(read: (action: Action) => readonly T[] | undefined): readonly T[] =>
    actions.flatMap((action) => read(action) ?? []);
  const columns = of((action) => action.details.definitions?.map((one) => columnOf(action, one, actions)));
  return {
    // DROP INDEX does not name the table.
    tables: [
      ...new Set(
        of(({ kind, table }) => (table && kind !== "drop_index" ? [`${table.schema ?? ""}.${table.name}`] : [])),
      ),
    ],
    columns,
    constraints: sorted(of(({ details }) => details.constraints?.map(constraintOf))),
    indexes: sorted(of((action) => action.details.indexes?.map((index) => indexOf(action, index)))),
    enumTypes: of(({ details }) => details.enumTypes),
    changes: changesOf(actions),
    others: of(({ kind, name }) => (/^(?:drop|rename)_/.test(kind) ? [`${kind} ${name ?? ""}`] : [])),
  };
}

const sorted = (all: readonly object[]): readonly object[] =>
  all.toSorted((a, b) => (spelled(a) < spelled(b) ? -1 : 1));

/** The same for objects whose fields are in another order. */
const spelled = (object: object): string =>
  JSON.stringify(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1)));

function columnOf(action: Action, definition: ColumnDefinition, all: readonly Action[]): object {
  const { type: _, sqlType, default: filled, computed, comment, ...rest } = definition;
  const said = all.find(
    ({ kind, details, columns }) => kind === "maintenance" && details.comment && columns.includes(definition.name),
  );
  return {
    ...rest,
    sqlType: sqlType && { ...sqlType, enum: undefined },
    default: expression(filled),
    computed: computed && { ...expression(computed), stored: computed.stored },
    comment: comment ?? said?.details.comment ?? undefined,
  };
}

function constraintOf({ nameIsFinal: _, expression: condition, ...rest }: ConstraintDefinition): object {
  if (rest.type === "exclude") return { ...rest, expression: exclusion(condition?.sql) };
  return { ...rest, expression: expression(condition) };
}

/** An index that SQLAlchemy names itself is given the name that it makes. */
function indexOf({ table }: Action, { nameIsFinal: _, keys, where, ...rest }: IndexDefinition): object {
  const own = ["ix", table?.schema, table?.name, keys?.[0]?.column].filter((part) => part !== undefined).join("_");
  return {
    ...rest,
    name: rest.name ?? own,
    where: expression(where),
    keys: keys?.map((key) => ({ ...key, expression: expression(key.expression) })),
  };
}

/** Alembic alters a column by one statement for each thing that changes. */
function changesOf(actions: readonly Action[]): readonly object[] {
  const defines = actions.some(({ kind }) => defining.has(kind));
  const altered = actions.some(
    ({ kind, details }) =>
      kind === "alter_column" || details.newName !== undefined || (details.comment !== undefined && !defines),
  );
  if (!altered) return [];
  const all: Details = Object.assign(
    {},
    ...actions.map(({ kind, details }) => (defining.has(kind) || /^create_/.test(kind) ? {} : details)),
  ) as Details;
  const { nullable, newSqlType, newName, serverDefault, newDefault, using, identity, comment, collation } = all;
  return [
    {
      nullable,
      newSqlType: newSqlType && { ...newSqlType, enum: undefined },
      newName,
      serverDefault,
      newDefault: expression(newDefault),
      using: expression(using),
      identity,
      comment,
      collation,
    },
  ];
}

/** Two spellings of one expression have the same tree. */
function expression(given: SqlExpression | undefined): object | undefined {
  if (given === undefined) return undefined;
  return { ...given, sql: given.sql === undefined ? undefined : tree(`SELECT (${given.sql}\n)`) };
}

const exclusion = (sql: string | undefined): string | undefined =>
  sql === undefined ? undefined : tree(`ALTER TABLE t ADD EXCLUDE ${sql}`);

/** Fields of the tree that tell of places in the text. */
const noise = new Set(["location", "stmt_len", "version", "rexpr_list_start", "rexpr_list_end"]);

function tree(sql: string): string {
  try {
    return JSON.stringify(parseSync(sql), (key, value: unknown) => (noise.has(key) ? undefined : value));
  } catch {
    return `not valid: ${sql}`;
  }
}
