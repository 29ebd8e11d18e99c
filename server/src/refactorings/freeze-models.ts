import { judgedIn, type Judged } from "../facts/judged.ts";
import { liveModelsOf, type LiveModel } from "../model/live-models.ts";
import { modelUsesOf, type ModelUses, type Piece } from "../model/model-uses.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { newEdit, type Edit } from "../rewrite/edit.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { sameName } from "../sql/action.ts";
import type { ColumnType } from "../sql/definition.ts";
import { defineRefactoring, type Offer, type Place, type Result } from "./define.ts";
import { codeFor, type Code } from "./downgrade/code.ts";
import { renderSqlAlchemyType } from "./downgrade/types.ts";
import { editedFile } from "./edited.ts";
import { withoutIdleImports } from "./idle.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt } from "./place.ts";
import { list } from "./split/revision.ts";

interface Frozen {
  readonly model: LiveModel;
  readonly uses: ModelUses;
  /** What the revision does through the model. */
  readonly steps: readonly Judged[];
}

/** Through a model, and not through a function of the application. */
const isThroughModel = ({ operation }: Judged): boolean =>
  operation.application !== undefined && operation.kind !== "opaque";

interface Found {
  readonly steps: readonly Judged[];
  readonly offer: Offer<readonly Frozen[]>;
}

const find = remembered((project, file): Found | undefined => {
  if (!file.isRevision) return undefined;
  const steps = [...file.upgrades, ...file.downgrades].flatMap((direction) =>
    direction.operations.some(({ application }) => application) ? judgedIn(project, file, direction) : [],
  );
  const live = steps.filter(isThroughModel);
  if (live.length === 0) return undefined;
  return {
    steps: live,
    offer: orUnavailable(() => {
      const plan = freeze(project, file, live);
      return { plan, title: `Write down the columns that it uses of ${list(plan.map(({ model }) => model.name))}` };
    }),
  };
});

function freeze(project: Project, file: RevisionFile, steps: readonly Judged[]): readonly Frozen[] {
  if (project.config.dialect !== "postgresql")
    throw new Refused("The types of columns are known in SQLAlchemy's words for PostgreSQL only.");
  const elsewhere = steps.find(({ operation }) => operation.calls.some(({ path }) => path !== undefined));
  if (elsewhere) throw new Refused(`What is on ${lineOf(file, elsewhere.operation.range)} runs in another file.`);
  const models = project.modules ? liveModelsOf(file, project.modules) : new Map<string, LiveModel>();
  const frozen = [...models.values()].flatMap((model): readonly Frozen[] => {
    const uses = modelUsesOf(file, model.name);
    if (uses.uses.length + uses.others.length === 0) return [];
    const own = steps.filter(({ operation: { table } }) => table !== undefined && sameName(table, model.table));
    return [{ model, uses, steps: own }];
  });
  const known = new Set(frozen.flatMap((one) => one.steps));
  const strange = steps.find((one) => !known.has(one))?.operation;
  if (strange)
    throw new Refused(
      `${strange.application?.name ?? "A class"} could not be read where it is defined, so its table and columns are not known.`,
    );
  const code = codeFor(file, newEdit(file));
  for (const one of frozen) {
    refuseUnlike(file, one);
    for (const column of columnsUsed(one)) renderType(one, column, code);
  }
  return frozen;
}

/** Where a plain table would not do just what the class does. */
function refuseUnlike(file: RevisionFile, { model, uses, steps }: Frozen): void {
  const { name, columns } = model;
  const [other] = uses.others;
  if (other) throw new Refused(`What ${lineOf(file, other)} does with ${name} has no form without the class.`);
  if (model.isMappedSpecially) throw new Refused(`${name} has a mapping of its own (__mapper_args__).`);
  for (const use of uses.uses) {
    const at = lineOf(file, use.range);
    const attributes = [...use.sets, ...use.pieces.flatMap(({ column }) => column ?? [])];
    const named = new Set([...columns.values()].map((column) => column.name));
    const strange = attributes.find((one) => !columns.has(one)) ?? use.reads?.find((one) => !named.has(one));
    if (strange !== undefined) throw new Refused(`${name}.${strange} (${at}) is not known to be a column.`);
    const renamed = use.sets.find((one) => columns.get(one)?.name !== one);
    if (renamed !== undefined) throw new Refused(`${name}.${renamed} (${at}) has another name in the database.`);
    if (use.isFlushed === false)
      throw new Refused(
        `It is not seen that the session is flushed after ${at}, and so not whether the row is inserted.`,
      );
  }
  for (const step of steps) refuseComputed(file, model, step);
}

/** Values that the class puts in by itself, or changes on their way. */
function refuseComputed(file: RevisionFile, { name, columns, table }: LiveModel, { operation, schema }: Judged): void {
  const { kind } = operation;
  const at = lineOf(file, operation.range);
  if (kind !== "insert" && kind !== "update" && kind !== "bulk_insert") return;
  const isInsert = kind !== "update";
  if (operation.columns.length === 0 || operation.columns.includes("*"))
    throw new Refused(`It is not known which columns of ${name} get a value on ${at}.`);
  const made = schema.table(table);
  const known = typeof made === "object" ? made.columns : [];
  for (const column of columns.values()) {
    if (operation.columns.includes(column.name)) continue;
    const fills = isInsert ? column.fillsInsert : column.fillsUpdate;
    if (fills) throw new Refused(`${name}.${column.name} gets a value from the class on ${at}, and from nobody else.`);
    const isNull = isInsert && !column.isFilledByServer;
    if (isNull && known.some((one) => one.name === column.name && one.default !== null))
      throw new Refused(`${name} inserts NULL into ${column.name} on ${at}, where the table has a default.`);
  }
  for (const used of operation.columns) {
    const column = [...columns.values()].find((one) => one.name === used);
    if (!column) throw new Refused(`${name}.${used} (${at}) is not known to be a column.`);
    if (column.hasOwnType) throw new Refused(`The type of ${name}.${used} is the application's own (${at}).`);
  }
}

/** As the first statement that goes through the model meets it. */
function typeOf({ steps: [step], model }: Frozen, column: string): ColumnType | undefined {
  const table = step?.schema.table(model.table);
  const type = typeof table === "object" ? table.columns.find(({ name }) => name === column)?.type : undefined;
  if (!type || type.enum) return type;
  const { name, schema } = type;
  const known = step?.schema.enumType(schema === undefined ? { name } : { schema, name });
  return typeof known === "object" ? { ...type, enum: known } : type;
}

/** What a value is on its way to the server depends on the type: without one it is guessed. */
function renderType(frozen: Frozen, column: string, code: Code): string {
  const type = typeOf(frozen, column);
  const rendered = type && renderSqlAlchemyType(type, code);
  if (rendered === undefined)
    throw new Refused(`The type of ${frozen.model.table.name}.${column} is not known in SQLAlchemy's words.`);
  return rendered;
}

const isName = (word: string): boolean => /^[A-Za-z_]\w*$/.test(word);

/** What the file calls the table: its own name, where that is free. */
function variableFor(file: RevisionFile, table: string, taken: ReadonlySet<string>): string {
  const base = isName(table) ? table : "frozen";
  const words = new Set(file.text.match(/\w+/g)?.filter((word) => word !== table) ?? []);
  const bound = new Set([
    ...file.module.flatMap(({ binds }) => binds),
    ...[...file.upgrades, ...file.downgrades].flatMap(({ statements }) => statements.flatMap(({ binds }) => binds)),
  ]);
  for (const name of [base, `${base}_table`, `frozen_${base}`])
    if (!bound.has(name) && !taken.has(name) && (name === base || !words.has(name))) return name;
  throw new Refused(`There is no free name for the table ${table}.`);
}

const columnsUsed = ({ model, uses, steps }: Frozen): readonly string[] => {
  const attributes = uses.uses.flatMap((use) => [...use.sets, ...use.pieces.flatMap(({ column }) => column ?? [])]);
  const touched = steps.flatMap(({ operation: { touches, columns } }) => [
    ...columns,
    ...touches.flatMap(({ on }) => (on.column !== undefined && sameName(on.name, model.table) ? [on.column] : [])),
  ]);
  const names = new Set([
    ...attributes.flatMap((one) => model.columns.get(one)?.name ?? []),
    ...uses.uses.flatMap(({ reads }) => reads ?? []),
    ...touched,
  ]);
  // In the order of the class. What else is touched is an attribute, named where it is used.
  return [...new Set([...model.columns.values()].map(({ name }) => name))].filter((name) => names.has(name));
};

const widest = 100;

function renderDefinition(frozen: Frozen, variable: string, code: Code, newline: string): string {
  const { model } = frozen;
  const columns = columnsUsed(frozen).map((column) =>
    code.call(code.name("sqlalchemy.column"), code.text(column), renderType(frozen, column, code)),
  );
  const all = [code.text(model.table.name), ...columns, code.schema(model.table)].filter((one) => one !== undefined);
  const line = `${variable} = ${code.call(code.name("sqlalchemy.table"), ...all)}`;
  if (line.length <= widest) return line;
  const rows = all.map((one) => `    ${one},${newline}`).join("");
  return `${variable} = ${code.name("sqlalchemy.table")}(${newline}${rows})`;
}

function renderPiece({ text, column }: Piece, { model }: Frozen, variable: string, edit: Edit): string {
  const name = column === undefined ? "" : (model.columns.get(column)?.name ?? column);
  const columnText = text.replace(".%", isName(name) ? `.${name}` : `[${JSON.stringify(name)}]`);
  return columnText
    .replaceAll("$", variable)
    .replaceAll(/@(\w+)/g, (_, word: string) => edit.addImport(`sqlalchemy.${word}`));
}

function apply({ project, file }: Place, plan: readonly Frozen[]): Result {
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  const taken = new Set<string>();
  const definitions = plan.map((frozen) => {
    const variable = variableFor(file, frozen.model.table.name, taken);
    taken.add(variable);
    for (const { pieces } of frozen.uses.uses)
      for (const piece of pieces) edit.replace(piece.range, renderPiece(piece, frozen, variable, edit));
    return renderDefinition(frozen, variable, code, file.newline);
  });
  const last = file.module.findLast(({ kind }) => kind === "identifier");
  if (!last) throw new Refused("The file has no identifiers to put the tables after.");
  const { end } = last.range;
  edit.replace({ start: end, end }, definitions.map((one) => `${file.newline}${file.newline}${one}`).join(""));
  const names = plan.map(({ model }) => model.name);
  return editedFile(file, withoutIdleImports(project, file, edit.build(), names));
}

export const freezeModels = defineRefactoring<readonly Frozen[]>({
  id: "freeze-models",
  title: "Write down the columns that it uses of the models",
  summary: "Puts `sa.table(…)` with just the columns that the revision uses in the place of the application's models.",
  why: `A revision is run for years, on every new database, and the application's models go on changing. What it needs of them, a few columns with the
types that they have at this point of the history, is written down in it, and it never breaks again because of them.`,
  keeps: [
    "Every statement, with its condition and its values, over the same session or connection.",
    "The types of the columns, as the revisions before have made them.",
    "The classes that others of the file still use.",
  ],
  refuses: [
    "Work on objects of a class: loops that set attributes, `query(…).all()`, relationships.",
    "Values that the class computes (`default=`, `onupdate=`), and types of the application's own.",
    "Classes whose module cannot be read, and those with a mapping of their own.",
    "Columns whose type the revisions before do not tell, or which SQLAlchemy has no word for.",
    "Objects that are added to a session that is not seen to be flushed.",
    "Projects that do not run on PostgreSQL.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "A query through a model",
      given: `op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("role", sa.String(20)),
    sa.Column("active", sa.Boolean()),
)
-- app/models.py --
import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    role = sa.Column(sa.String(20))
    active = sa.Column(sa.Boolean)
    added_last_week = sa.Column(sa.Text)
`,
      before: `from alembic import op
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import User

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    session = Session(bind=op.get_bind())
    session.<|>query(User).filter(User.active.is_(True)).update({"role": "member"})
    session.commit()


def downgrade() -> None:
    pass
`,
      after: [
        `from alembic import op
import sqlalchemy as sa
from sqlalchemy.orm import Session

revision = "0002"
down_revision = "0001"

users = sa.table("users", sa.column("role", sa.String(20)), sa.column("active", sa.Boolean()))


def upgrade() -> None:
    session = Session(bind=op.get_bind())
    session.execute(users.update().where(users.c.active.is_(True)).values({"role": "member"}))
    session.commit()


def downgrade() -> None:
    pass
`,
      ],
    },
  ],
  plan: (place: Place) => {
    const found = find(place.project, place.file);
    return found?.steps.some(({ operation }) => isAt(place, operation)) ? found.offer : undefined;
  },
  apply,
});
