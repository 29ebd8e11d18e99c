/** `retort schema`: the schema at a revision, or how it differs between two. */
import { resolveRevisions } from "../history/resolve.ts";
import { replayOf } from "../project/replay.ts";
import type { Project } from "../project/snapshot.ts";
import { renderDdl } from "../schema/ddl.ts";
import { describeConstraint, describeIndex } from "../schema/describe.ts";
import { compareSchemas, renderDifference, type Comparison } from "../schema/difference.ts";
import type { KnownSchema } from "../schema/replay/schema.ts";
import type { Column, Schema, Table } from "../schema/state.ts";
import { renderName } from "../sql/action.ts";
import { renderColumnType } from "../sql/postgres/type-text.ts";
import type { Command } from "./arguments.ts";
import { displayPath, exitCodes, InputError, type ExitCode, type Io } from "./io.ts";
import { openTargets } from "./targets.ts";

type SchemaCommand = Command & { readonly name: "schema" };

/** @throws InputError where the paths hold no project, or more than one */
async function openOne({ project: path, dialect }: SchemaCommand, io: Io): Promise<Project> {
  // Threads hand over what `check` needs, and no operations.
  const { threads: _, ...alone } = io;
  const { targets, problems } = await openTargets([path], dialect, alone);
  const [first, ...others] = targets;
  if (first && others.length === 0) return first.project;
  if (first) {
    const ids = targets.map(({ project }) => displayPath(project.id, io.cwd));
    throw new InputError(`There are several projects: ${ids.join(", ")}; name the folder of one with --project.`);
  }
  throw new InputError(problems[0]?.message ?? `${displayPath(path, io.cwd)} holds no Alembic project.`);
}

function schemaAt(project: Project, text: string): KnownSchema {
  const found = resolveRevisions(project.history, text);
  if ("error" in found) throw new InputError(found.error.message);
  return replayOf(project).at(found.value);
}

const toColumn = (column: Column) => ({
  name: column.name,
  type: column.type === undefined ? null : renderColumnType(column.type),
  nullable: column.nullable ?? null,
  default: column.default === null ? null : { sql: column.default?.sql ?? null },
  ...(column.serial && { serial: true }),
  ...(column.identity && { identity: column.identity.always ? "always" : "by default" }),
  ...(column.computed && { computed: { sql: column.computed.sql ?? null, stored: column.computed.stored } }),
  ...(column.collation !== undefined && { collation: column.collation }),
  ...(column.comment !== undefined && { comment: column.comment }),
});

const toTable = (table: Table) => ({
  name: renderName(table.name),
  ...(table.comment !== undefined && { comment: table.comment }),
  ...(table.partitionOf && { partitionOf: renderName(table.partitionOf) }),
  columns: table.columns.map(toColumn),
  constraints: table.constraints.map((one) => ({
    name: one.name ?? null,
    type: one.type,
    columns: one.columns ?? null,
    ...(one.references && {
      references: { table: renderName(one.references.table), columns: one.references.columns },
    }),
    definition: describeConstraint(one),
    ...(one.doubt !== undefined && { doubt: one.doubt }),
  })),
  indexes: table.indexes.map((one) => ({
    name: one.name ?? null,
    unique: one.unique,
    ...(one.ofConstraint !== undefined && { constraint: one.ofConstraint.name ?? null }),
    definition: describeIndex(one),
  })),
  ...(table.doubt !== undefined && { doubt: table.doubt }),
});

const toJson = (schema: Schema) => ({
  schemas: [...schema.schemas],
  types: [...schema.enumTypes].map(({ name, values }) => ({ name: renderName(name), values: values ?? null })),
  tables: [...schema.tables].map(toTable),
  sequences: [...schema.sequences].map(({ name, ownedBy }) => ({
    name: renderName(name),
    ownedBy: ownedBy ? `${renderName(ownedBy.table)}.${ownedBy.column}` : null,
  })),
  views: [...schema.views].map(({ name, materialized }) => ({ name: renderName(name), materialized })),
  doubt: schema.doubt ?? null,
});

const render = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function renderComparison({ differences, doubts }: Comparison): string {
  const lines = differences.length > 0 ? differences.map(renderDifference) : ["no difference"];
  const unknown = doubts.map((doubt) => `not known: ${doubt}`);
  return [...lines, ...unknown].map((line) => `${line}\n`).join("");
}

/** Between the two names of a range; `a..` goes to the heads, `..b` begins with nothing. */
const separator = "..";

export async function runSchema(command: SchemaCommand, io: Io): Promise<ExitCode> {
  const project = await openOne(command, io);
  const { revision, format } = command;
  const cut = revision.indexOf(separator);
  if (cut < 0) {
    const schema = schemaAt(project, revision);
    if (format === "json") io.out(render(toJson(schema)));
    else io.out([...renderDdl(schema), ""].join("\n"));
    return exitCodes.clean;
  }
  const before = schemaAt(project, revision.slice(0, cut) || "base");
  const after = schemaAt(project, revision.slice(cut + separator.length) || "heads");
  const comparison = compareSchemas(before, after);
  io.out(format === "json" ? render(comparison) : renderComparison(comparison));
  return exitCodes.clean;
}
