/** Actions as code: Alembic's directives where they say just that, else SQL. */
import { renderStatements } from "../../schema/statements.ts";
import type { Action, ActionKind, ColumnDefinition, QualifiedName } from "../../sql/action.ts";
import type { ConstraintDefinition, IndexDefinition, Reference, SqlExpression } from "../../sql/definition.ts";
import type { Code } from "./code.ts";
import { renderSqlAlchemyType } from "./types.ts";

type Render = (action: Action, code: Code) => readonly string[] | undefined;

const only = (line: string | undefined): readonly string[] | undefined => (line === undefined ? undefined : [line]);

function sqlText(expression: SqlExpression, code: Code): string | undefined {
  // In `text()` a colon begins a parameter.
  return expression.sql === undefined
    ? undefined
    : code.call(code.name("sqlalchemy.text"), code.text(expression.sql.replaceAll(/(?<!:):(?=\w)/g, "\\:")));
}

function renderColumn(column: ColumnDefinition, code: Code, numbering?: string): string | undefined {
  const { sqlType, serial, identity, computed, collation, nullable, comment } = column;
  // What numbers rows, computes values or sorts them is said in SQL.
  if (!sqlType || serial || identity || computed || collation !== undefined) return undefined;
  const type = renderSqlAlchemyType(sqlType, code);
  const fills = column.default ? sqlText(column.default, code) : undefined;
  if (type === undefined || (column.hasServerDefault === true && fills === undefined && numbering === undefined))
    return undefined;
  return code.call(
    code.name("sqlalchemy.Column"),
    code.text(column.name),
    type,
    numbering,
    fills === undefined ? undefined : `server_default=${fills}`,
    nullable === false ? "nullable=False" : undefined,
    comment === undefined ? undefined : `comment=${code.text(comment)}`,
  );
}

const addColumn: Render = ({ table, details }, code) => {
  const [definition, ...others] = details.definitions ?? [];
  if (!table || !definition || others.length > 0) return undefined;
  const column = renderColumn(definition, code);
  return column === undefined
    ? undefined
    : only(code.call(`${code.op}.add_column`, code.text(table.name), column, code.schema(table)));
};

const dropColumn: Render = ({ table, columns }, code) =>
  table &&
  columns.map((name) =>
    code.call(`${code.op}.drop_column`, code.text(table.name), code.text(name), code.schema(table)),
  );

const dropTable: Render = ({ table }, code) =>
  table && only(code.call(`${code.op}.drop_table`, code.text(table.name), code.schema(table)));

const renameTable: Render = ({ table, details: { newName } }, code) =>
  table && newName !== undefined
    ? only(code.call(`${code.op}.rename_table`, code.text(table.name), code.text(newName), code.schema(table)))
    : undefined;

const alterColumn: Render = ({ table, columns: [column], details }, code) => {
  const { newSqlType, nullable, serverDefault, newDefault, newName, identity, using, comment } = details;
  if (!table || column === undefined || identity !== undefined || using !== undefined || comment !== undefined)
    return undefined;
  const type = newSqlType ? renderSqlAlchemyType(newSqlType, code) : undefined;
  const fills = newDefault ? sqlText(newDefault, code) : undefined;
  const unrendered = (newSqlType && type === undefined) || (serverDefault === true && fills === undefined);
  if (unrendered) return undefined;
  return only(
    code.call(
      `${code.op}.alter_column`,
      code.text(table.name),
      code.text(column),
      newName === undefined ? undefined : `new_column_name=${code.text(newName)}`,
      type === undefined ? undefined : `type_=${type}`,
      nullable === undefined ? undefined : `nullable=${nullable ? "True" : "False"}`,
      serverDefault === false ? "server_default=None" : fills === undefined ? undefined : `server_default=${fills}`,
      code.schema(table),
    ),
  );
};

const isPlainIndex = ({ keys, include, nullsNotDistinct, only: alone, method }: IndexDefinition): boolean =>
  keys !== undefined &&
  keys.every(
    (key) =>
      key.column !== undefined &&
      key.descending === undefined &&
      key.nulls === undefined &&
      key.operatorClass === undefined &&
      key.collation === undefined,
  ) &&
  include === undefined &&
  nullsNotDistinct === undefined &&
  alone === undefined &&
  method === "btree";

const createIndex: Render = ({ table, details }, code) => {
  const [index, ...others] = details.indexes ?? [];
  if (!table || !index || others.length > 0 || !isPlainIndex(index)) return undefined;
  const where = index.where && sqlText(index.where, code);
  if (index.where && where === undefined) return undefined;
  return only(
    code.call(
      `${code.op}.create_index`,
      index.name === undefined ? "None" : code.final(index.name),
      code.text(table.name),
      code.list((index.keys ?? []).flatMap(({ column }) => column ?? [])),
      index.unique ? "unique=True" : undefined,
      code.schema(table),
      where === undefined ? undefined : `postgresql_where=${where}`,
      details.concurrently ? "postgresql_concurrently=True" : undefined,
    ),
  );
};

const dropIndex: Render = ({ table, name, details }, code) =>
  name === undefined
    ? undefined
    : only(
        code.call(
          `${code.op}.drop_index`,
          code.final(name),
          table && `table_name=${code.text(table.name)}`,
          table && code.schema(table),
          ...(details.concurrently ? ["if_exists=True", "postgresql_concurrently=True"] : []),
        ),
      );

const constraintTypes: Partial<Record<ConstraintDefinition["type"], string>> = {
  primary_key: "primary",
  foreign_key: "foreignkey",
  unique: "unique",
  check: "check",
};

const dropConstraint: Render = ({ table, name, details }, code) => {
  const kind = details.constraintType;
  return table && name !== undefined
    ? only(
        code.call(
          `${code.op}.drop_constraint`,
          code.final(name),
          code.text(table.name),
          kind === undefined ? undefined : `type_=${code.text(kind)}`,
          code.schema(table),
        ),
      )
    : undefined;
};

const isPlainConstraint = (constraint: ConstraintDefinition): boolean => {
  const { type, columns, references, name } = constraint;
  const odd = [
    constraint.notEnforced,
    constraint.noInherit,
    constraint.nullsNotDistinct,
    constraint.usingIndex,
    constraint.include,
    constraint.period,
    constraint.deferrable,
    constraint.initiallyDeferred,
    references?.match,
    references?.onDeleteColumns,
  ];
  return (
    name !== undefined &&
    columns !== undefined &&
    type !== "exclude" &&
    type !== "not_null" &&
    odd.every((one) => one === undefined)
  );
};

const actionsOf = ({ onDelete, onUpdate }: Reference, code: Code): readonly (string | undefined)[] => [
  onDelete === undefined ? undefined : `ondelete=${code.text(onDelete)}`,
  onUpdate === undefined ? undefined : `onupdate=${code.text(onUpdate)}`,
];

const createConstraint: Render = ({ table, details }, code) => {
  const [constraint, ...others] = details.constraints ?? [];
  if (!table || !constraint || others.length > 0 || !isPlainConstraint(constraint)) return undefined;
  const { type, columns = [], references, expression, name = "" } = constraint;
  const unchecked = constraint.notValid ? "postgresql_not_valid=True" : undefined;
  const head = (directive: string, ...rest: readonly (string | undefined)[]): readonly string[] => [
    code.call(`${code.op}.${directive}`, code.final(name), code.text(table.name), ...rest),
  ];
  switch (type) {
    case "primary_key":
      return head("create_primary_key", code.list(columns), code.schema(table));
    case "unique":
      return head("create_unique_constraint", code.list(columns), code.schema(table));
    case "check": {
      const condition = expression && sqlText(expression, code);
      return condition === undefined
        ? undefined
        : head("create_check_constraint", condition, code.schema(table), unchecked);
    }
    case "foreign_key":
      return references === undefined || references.columns.length === 0
        ? undefined
        : [
            code.call(
              `${code.op}.create_foreign_key`,
              code.final(name),
              code.text(table.name),
              code.text(references.table.name),
              code.list(columns),
              code.list(references.columns),
              code.schema(table, "source_schema"),
              code.schema(references.table, "referent_schema"),
              ...actionsOf(references, code),
              unchecked,
            ),
          ];
    default:
      return undefined;
  }
};

function tableConstraint(constraint: ConstraintDefinition, code: Code): string | undefined {
  if (!isPlainConstraint(constraint) || constraint.notValid) return undefined;
  const { type, columns = [], references, expression, name = "" } = constraint;
  const named = `name=${code.final(name)}`;
  const construct = (which: string): string => code.name(`sqlalchemy.${which}`);
  switch (type) {
    case "primary_key":
      return code.call(construct("PrimaryKeyConstraint"), ...columns.map(code.text), named);
    case "unique":
      return code.call(construct("UniqueConstraint"), ...columns.map(code.text), named);
    case "check": {
      const condition = expression && sqlText(expression, code);
      return condition && code.call(construct("CheckConstraint"), condition, named);
    }
    case "foreign_key": {
      const to = references && pathOf(references.table);
      return references === undefined || references.columns.length === 0 || to === undefined
        ? undefined
        : code.call(
            construct("ForeignKeyConstraint"),
            code.list(columns),
            code.list(references.columns.map((column) => `${to}.${column}`)),
            named,
            ...actionsOf(references, code),
          );
    }
    default:
      return undefined;
  }
}

/** A name with a dot cannot be told apart there. */
const pathOf = ({ schema, name }: QualifiedName): string | undefined =>
  [schema ?? "", name].some((part) => part.includes("."))
    ? undefined
    : schema === undefined
      ? name
      : `${schema}.${name}`;

/** A whole number that is all of the primary key is numbered by itself, unless it is told not to. */
function renderTableColumn(column: ColumnDefinition, keys: readonly string[], code: Code): string | undefined {
  const { serial, ...plain } = column;
  const counts = ["integer", "bigint", "smallint"].includes(column.sqlType?.name ?? "");
  const isKey = keys.includes(column.name);
  if (serial && !(counts && isKey && keys.length === 1)) return undefined;
  return renderColumn(plain, code, counts && isKey ? `autoincrement=${serial ? "True" : "False"}` : undefined);
}

const createTable: Render = ({ table, details }, code) => {
  const { definitions, constraints = [], indexes = [], options } = details;
  if (!table || !definitions) return undefined;
  const { comment, ...others } = options ?? {};
  const keys = constraints.flatMap(({ type, columns }) => (type === "primary_key" ? (columns ?? []) : []));
  const parts = [
    ...definitions.map((column) => renderTableColumn(column, keys, code)),
    ...constraints.map((constraint) => tableConstraint(constraint, code)),
  ];
  const made = indexes.map((index) =>
    createIndex(
      { kind: "create_index", effect: "schema", table, columns: [], touches: [], details: { indexes: [index] } },
      code,
    ),
  );
  if (parts.includes(undefined) || made.includes(undefined) || Object.keys(others).length > 0) return undefined;
  const keywords = [code.schema(table), comment === undefined ? undefined : `comment=${code.text(comment)}`];
  const lines = [code.text(table.name), ...parts, ...keywords.filter((one) => one !== undefined)];
  return [
    `${code.op}.create_table(\n${lines.map((line) => `    ${line ?? ""},\n`).join("")})`,
    ...made.flatMap((one) => one ?? []),
  ];
};

const renderers: Partial<Record<ActionKind, Render>> = {
  create_table: createTable,
  drop_table: dropTable,
  rename_table: renameTable,
  add_column: addColumn,
  drop_column: dropColumn,
  alter_column: alterColumn,
  create_index: createIndex,
  drop_index: dropIndex,
  drop_constraint: dropConstraint,
  create_check_constraint: createConstraint,
  create_foreign_key: createConstraint,
  create_primary_key: createConstraint,
  create_unique_constraint: createConstraint,
};

export const constraintTypeOf = (type: ConstraintDefinition["type"]): string | undefined => constraintTypes[type];

/** One or more statements of Python; undefined where the action is not known well enough. */
export function renderDirectives(action: Action, code: Code, dialectHasSql: boolean): readonly string[] | undefined {
  const found = renderers[action.kind]?.(action, code);
  if (found && found.length > 0) return found;
  if (!dialectHasSql) return undefined;
  const statements = renderStatements(action);
  if (!statements || statements.some((statement) => statement.includes("…"))) return undefined;
  // Through `text()` a colon would begin a parameter.
  return statements.map((statement) =>
    code.call(
      `${code.op}.execute`,
      code.text(statement.replaceAll(/\s*\n\s*/g, " ").replaceAll(/(?<!:):(?=\w)/g, "\\:")),
    ),
  );
}
