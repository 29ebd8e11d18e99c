import type { Operation } from "../model/revision.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { Table } from "../schema/state.ts";
import { renderName } from "../sql/action.ts";
import { renderFullName } from "../sql/quote.ts";
import { defineRefactoring } from "./define.ts";
import { applyEditsPlan, type EditsPlan } from "./edited.ts";
import { offerMove, type Dropped, type Move } from "./moved-values.ts";
import { quote } from "./twin/code.ts";

/** The association table: a row for each pair of a row and a value. */
interface Association {
  readonly table: Table;
  readonly made: Operation;
  readonly own: Side;
  readonly other: Side;
  readonly values: Table;
  /** The column of `values` that holds the text. */
  readonly text: string;
}

/** A foreign key of one column. */
interface Side {
  readonly column: string;
  readonly target: string;
}

const texts = new Set(["text", "character varying"]);

const isText = (table: Table, name: string): boolean =>
  table.columns.some(
    ({ name: own, type }) => own === name && type !== undefined && texts.has(type.name) && type.dimensions === 0,
  );

function sideOf(association: Table, to: Table): Side | undefined {
  const keys = association.constraints.filter(
    ({ type, references }) => type === "foreign_key" && references && keyOf(references.table) === keyOf(to.name),
  );
  const [only, ...others] = keys;
  const [column, ...columns] = only?.columns ?? [];
  const primary = to.constraints.find(({ type }) => type === "primary_key")?.columns ?? [];
  const [target, ...targets] = only?.references?.columns.length ? only.references.columns : primary;
  if (others.length > 0 || columns.length > 0 || targets.length > 0) return undefined;
  return column === undefined || target === undefined ? undefined : { column, target };
}

/** Whether a row of nothing but these columns can be inserted. */
const takes = (table: Table, given: readonly string[]): boolean =>
  table.doubt === undefined &&
  table.columns.every(
    ({ name, nullable, default: fills, serial, identity, computed }) =>
      given.includes(name) || nullable === true || fills || serial || identity || computed,
  );

function associationOf({ before, table, judged: { schema } }: Dropped): Association | undefined {
  const found = before
    .filter(({ kind }) => kind === "create_table")
    .flatMap((made): readonly Association[] => {
      const association = made.table && schema.table(made.table);
      if (typeof association !== "object") return [];
      const own = sideOf(association, table);
      return association.constraints.flatMap(({ references }) => {
        const values = references && schema.table(references.table);
        if (!own || typeof values !== "object" || keyOf(values.name) === keyOf(table.name)) return [];
        const other = sideOf(association, values);
        const [text, ...others] = values.columns.filter(({ name }) => isText(values, name)).map(({ name }) => name);
        if (!other || text === undefined || others.length > 0 || !takes(values, [text])) return [];
        return takes(association, [own.column, other.column])
          ? [{ table: association, made, own, other, values, text }]
          : [];
      });
    });
  return found.length === 1 ? found[0] : undefined;
}

function learn(dropped: Dropped): Move | undefined {
  const { table, column, before } = dropped;
  if (!isText(table, column.name)) return undefined;
  const association = associationOf(dropped);
  if (!association) return undefined;
  const { own, other, values, text, made } = association;
  const [list, pairs, all] = [table.name, association.table.name, values.name].map(renderFullName);
  const items = `CROSS JOIN unnest(string_to_array(${list ?? ""}.${quote(column.name)}, ',')) AS item`;
  const name = `${all ?? ""}.${quote(text)}`;
  const makesValues = before.find(
    ({ kind, table: on }) => kind === "create_table" && on && keyOf(on) === keyOf(values.name),
  );
  return {
    makes: [made, ...(makesValues ? [makesValues] : [])],
    there: [
      `INSERT INTO ${all ?? ""} (${quote(text)}) SELECT DISTINCT btrim(item) FROM ${list ?? ""} ${items} WHERE btrim(item) <> '' AND NOT EXISTS (SELECT 1 FROM ${all ?? ""} WHERE ${name} = btrim(item))`,
      `INSERT INTO ${pairs ?? ""} (${quote(own.column)}, ${quote(other.column)}) SELECT DISTINCT ${list ?? ""}.${quote(own.target)}, ${all ?? ""}.${quote(other.target)} FROM ${list ?? ""} ${items} JOIN ${all ?? ""} ON ${name} = btrim(item)`,
    ],
    back: [
      `UPDATE ${list ?? ""} SET ${quote(column.name)} = (SELECT string_agg(${name}, ',' ORDER BY ${name}) FROM ${pairs ?? ""} JOIN ${all ?? ""} ON ${all ?? ""}.${quote(other.target)} = ${pairs ?? ""}.${quote(other.column)} WHERE ${pairs ?? ""}.${quote(own.column)} = ${list ?? ""}.${quote(own.target)})`,
    ],
    title: `Move the values of ${renderName(table.name)}.${column.name} into ${renderName(association.table.name)} before it goes`,
    notes: [
      `The list is taken apart at its commas; spaces around a value, values that come twice and their order are not kept.`,
    ],
  };
}

export const normalizeListColumn = defineRefactoring<EditsPlan>({
  id: "normalize-list-column",
  title: "Move the values of the list into the association table",
  summary:
    "Takes a column of comma-separated values apart, into the tables that the revision creates, before the column is dropped.",
  why: `A list in a text can neither be joined nor indexed, and is moved to an association table one day. Autogenerate makes the tables and drops the column, and what
the lists hold is lost between the two.`,
  keeps: [
    "The schema, and every statement of the revision.",
    "Each value once, and each pair of a row and a value once; that they are kept is the difference.",
    "The way back, where downgrade() adds the column before it drops the association table: the values come back in the order of the alphabet.",
  ],
  refuses: [
    "Tables that are made in the statement or the batch block that drops the column.",
    "What stands in a loop, under a test or in a helper.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "Tags of posts",
      given: `op.create_table("posts", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("tags", sa.Text()))
`,
      before: `def upgrade() -> None:
    op.create_table("tags", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text(), nullable=False))
    op.create_table(
        "post_tags",
        sa.Column("post_id", sa.Integer(), sa.ForeignKey("posts.id"), primary_key=True),
        sa.Column("tag_id", sa.Integer(), sa.ForeignKey("tags.id"), primary_key=True),
    )
    <|>op.drop_column("posts", "tags")


def downgrade() -> None:
    op.add_column("posts", sa.Column("tags", sa.Text()))
    op.drop_table("post_tags")
    op.drop_table("tags")
`,
      after: [
        `def upgrade() -> None:
    op.create_table("tags", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text(), nullable=False))
    op.create_table(
        "post_tags",
        sa.Column("post_id", sa.Integer(), sa.ForeignKey("posts.id"), primary_key=True),
        sa.Column("tag_id", sa.Integer(), sa.ForeignKey("tags.id"), primary_key=True),
    )
    op.execute("INSERT INTO tags (name) SELECT DISTINCT btrim(item) FROM posts CROSS JOIN unnest(string_to_array(posts.tags, ',')) AS item WHERE btrim(item) <> '' AND NOT EXISTS (SELECT 1 FROM tags WHERE tags.name = btrim(item))")
    op.execute("INSERT INTO post_tags (post_id, tag_id) SELECT DISTINCT posts.id, tags.id FROM posts CROSS JOIN unnest(string_to_array(posts.tags, ',')) AS item JOIN tags ON tags.name = btrim(item)")
    op.drop_column("posts", "tags")


def downgrade() -> None:
    op.add_column("posts", sa.Column("tags", sa.Text()))
    op.execute("UPDATE posts SET tags = (SELECT string_agg(tags.name, ',' ORDER BY tags.name) FROM post_tags JOIN tags ON tags.id = post_tags.tag_id WHERE post_tags.post_id = posts.id)")
    op.drop_table("post_tags")
    op.drop_table("tags")
`,
      ],
    },
  ],
  plan: offerMove(learn),
  apply: applyEditsPlan,
});
