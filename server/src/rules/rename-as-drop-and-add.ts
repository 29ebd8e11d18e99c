import { isMovedAway } from "../facts/moved.ts";
import type { Judged } from "../facts/judged.ts";
import { excludeEachOther } from "../schema/branches.ts";
import { looksRenamed } from "../schema/likeness.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { Table } from "../schema/state.ts";
import { renderName, type ColumnDefinition, type Entity } from "../sql/action.ts";
import type { ColumnType } from "../sql/definition.ts";
import { at, defineRule, type Found, type Related } from "./define.ts";
import { lossesIn, upgradeOf } from "./losses.ts";

interface Renamed extends Found {
  readonly what: string;
  readonly newName: string;
  readonly isTable: boolean;
  readonly related: readonly Related[];
}

const isSame = (a: ColumnType | undefined, b: ColumnType | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.name === b.name &&
  a.schema === b.schema &&
  a.dimensions === b.dimensions &&
  a.arguments.join() === b.arguments.join();

interface Made {
  readonly one: Judged;
  readonly definition: ColumnDefinition;
}

/** Columns that the upgrade adds to the table, each with its definition. */
const added = (upgrade: readonly Judged[], { name }: Entity): readonly Made[] =>
  upgrade.flatMap((one) =>
    one.operation.kind === "add_column" && one.operation.table && keyOf(one.operation.table) === keyOf(name)
      ? (one.operation.details.definitions ?? []).map((definition) => ({ one, definition }))
      : [],
  );

/** What the upgrade writes into the new one: then it is filled, from wherever. */
const isFilled = (upgrade: readonly Judged[], table: Entity["name"], column?: string): boolean =>
  upgrade.some(({ operation: { effect, touches } }) =>
    touches.some(
      ({ how, on }) =>
        effect === "data" &&
        (how === "insert" || how === "update") &&
        keyOf(on.name) === keyOf(table) &&
        (column === undefined || on.column === column || on.column === "*"),
    ),
  );

/** Every row of the table has gone before: the column holds nothing that could be lost. */
const isEmptied = (upgrade: readonly Judged[], drop: Judged, { name }: Entity): boolean =>
  upgrade.some(
    ({ operation: { kind, details, touches }, index }) =>
      index < drop.index &&
      (kind === "truncate" || (kind === "delete" && details.hasWhere === false)) &&
      touches.some(({ how, on }) => how === "delete" && on.type === "table" && keyOf(on.name) === keyOf(name)),
  );

function columnFor(drop: Judged, thing: Entity, upgrade: readonly Judged[]): Made | undefined {
  const table = drop.schema.table(thing.name);
  const old = typeof table === "object" ? table.columns.find(({ name }) => name === thing.column) : undefined;
  if (typeof table !== "object" || !old || old.computed) return undefined;
  const alike = added(upgrade, thing).filter(
    ({ one, definition }) =>
      isSame(old.type, definition.sqlType) &&
      definition.computed === undefined &&
      !excludeEachOther(one.operation, drop.operation) &&
      looksRenamed(old.name, definition.name, thing.name.name) &&
      !isFilled(upgrade, thing.name, definition.name),
  );
  const [only, ...others] = alike;
  if (!only || others.length > 0) return undefined;
  const { name } = only.definition;
  // One of several that go may be meant, or one of several that come in the place of one.
  const rivals = upgrade.some(({ operation: { touches } }) =>
    touches.some(
      ({ how, on }) =>
        how === "drop" &&
        on.column !== undefined &&
        on.column !== old.name &&
        keyOf(on.name) === keyOf(thing.name) &&
        looksRenamed(on.column, name, thing.name.name),
    ),
  );
  const parts = added(upgrade, thing).filter(
    ({ definition }) => definition.name.startsWith(`${old.name}_`) && isSame(old.type, definition.sqlType),
  );
  return rivals || parts.length > 1 ? undefined : only;
}

const few = 3;

const shapeOf = (table: Table): string =>
  table.columns
    .map(({ name, type }) => `${name} ${type?.name ?? "?"}`)
    .toSorted()
    .join();

function tableFor(drop: Judged, thing: Entity, upgrade: readonly Judged[]): Judged | undefined {
  const old = drop.schema.table(thing.name);
  if (typeof old !== "object" || old.doubt !== undefined || old.columns.length < few) return undefined;
  return upgrade.find(({ operation: { kind, table, details, confidence, incomplete } }) => {
    if (kind !== "create_table" || !table || confidence !== "certain" || incomplete || details.temporary) return false;
    const columns = (details.definitions ?? [])
      .map(({ name, sqlType }) => `${name} ${sqlType?.name ?? "?"}`)
      .toSorted()
      .join();
    return columns === shapeOf(old) && !isFilled(upgrade, table);
  });
}

export const renameAsDropAndAdd = defineRule({
  id: "rename-as-drop-and-add",
  group: "data-loss",
  severity: "error",
  recommended: true,
  summary: "What looks like a rename drops the old column or table with its data, and adds an empty one.",
  why: `\`alembic revision --autogenerate\` sees no renames: a column of the model that got another name is one that is gone and one that is new. Run
as it stands, the revision throws away what the column held, in every row and for good.`,
  instead: `Rename it: \`op.alter_column("users", "name", new_column_name="full_name")\`, \`op.rename_table("users", "people")\`. Without
downtime: add the new one, copy the rows in batches, let releases change over, and drop the old one later.`,
  allowed: [
    "Names that have nothing in common, or types that differ: that may be two things.",
    "Two columns of which either might be the new one, and a column that is parted into several.",
    "A table whose rows are all deleted before.",
    "A new column or table that the upgrade fills, and an old one whose rows were copied by it or shortly before.",
    "Downgrades.",
  ],
  sources: [
    "https://alembic.sqlalchemy.org/en/latest/autogenerate.html#what-does-autogenerate-detect-and-what-does-it-not-detect",
  ],
  options: {},
  examples: [
    {
      title: "What autogenerate makes of a renamed attribute",
      before: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("name", sa.String(50)))
-- versions/0002_rename.py --
op.add_column("users", sa.Column("full_name", sa.String(50)))
op.drop_column("users", "name")
`,
      after: [
        `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("name", sa.String(50)))
-- versions/0002_rename.py --
op.alter_column("users", "name", new_column_name="full_name")
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a batch block, with a slip put right",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("adress", sa.Text()))
-- versions/0002_rename.py --
with op.batch_alter_table("users") as batch:
    batch.drop_column("adress")
    batch.add_column(sa.Column("address", sa.Text()))
`,
    },
    {
      title: "A table",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()), sa.Column("age", sa.Integer()))
-- versions/0002_rename.py --
op.create_table("people", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()), sa.Column("age", sa.Integer()))
op.drop_table("users")
`,
    },
  ],
  passes: [
    {
      title: "A copy in between",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("name", sa.String(50)))
-- versions/0002_rename.py --
op.add_column("users", sa.Column("full_name", sa.String(50)))
op.execute("UPDATE users SET full_name = name")
op.drop_column("users", "name")
`,
    },
    {
      title: "Two things",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("fax", sa.String(50)))
-- versions/0002_change.py --
op.add_column("users", sa.Column("nickname", sa.String(50)))
op.drop_column("users", "fax")
`,
    },
    {
      title: "Names of one family",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("created_at", sa.DateTime()))
-- versions/0002_change.py --
op.add_column("users", sa.Column("deleted_at", sa.DateTime()))
op.drop_column("users", "created_at")
`,
    },
    {
      title: "Another type",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("name", sa.String(50)))
-- versions/0002_change.py --
op.add_column("users", sa.Column("name_id", sa.Integer()))
op.drop_column("users", "name")
`,
    },
  ],
  *detect(subject) {
    const { project, file, upgrade: direction } = subject;
    const upgrade = upgradeOf(subject);
    for (const { one, thing } of lossesIn(subject)) {
      const { kind } = one.operation;
      if ((kind !== "drop_column" || thing.type !== "column") && (kind !== "drop_table" || thing.type !== "table"))
        continue;
      if (isMovedAway(project, file, direction, thing) || isEmptied(upgrade, one, thing)) continue;
      const column = thing.type === "column" ? columnFor(one, thing, upgrade) : undefined;
      const made = column?.one ?? (thing.type === "table" ? tableFor(one, thing, upgrade) : undefined);
      const newName = column?.definition.name ?? made?.operation.table?.name;
      if (!made || newName === undefined) continue;
      const renamed: Renamed = {
        ...at(one),
        what: thing.column === undefined ? renderName(thing.name) : `${renderName(thing.name)}.${thing.column}`,
        newName,
        isTable: thing.type === "table",
        related: [{ range: made.operation.nameRange, message: `"${newName}" is added here, empty` }],
      };
      yield renamed;
    }
  },
  message: ({ what, newName, isTable }) =>
    `All that "${what}" holds is lost: "${newName}" looks like ${isTable ? "the table" : "the column"} renamed, but begins empty.`,
  refactorings: ["rename-not-drop-and-add"],
});
