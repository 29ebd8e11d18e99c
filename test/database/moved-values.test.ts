/** Values of a column that goes, which the original would lose: they are where they belong, and come back. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { mixed, parent } from "./project.ts";
import type { RefactoredMigration } from "./refactored.ts";
import { buildOnce } from "./retort.ts";
import { refactored, whole } from "./rewritten.ts";
import { useStages } from "./stage.ts";

const databases = useDatabases();
const alembic = useAlembic();
beforeAll(buildOnce);
const open = useStages(databases, alembic);
const scope = createScope();
afterAll(() => scope.close());

interface Moved extends RefactoredMigration {
  /** Rows of a table afterwards, as JSON with sorted keys. */
  readonly table: string;
  readonly rows: readonly string[];
  /** The same of the table that the column comes back to. */
  readonly back: readonly string[];
}

const migrations: readonly Moved[] = [
  {
    name: "gives JSON columns of its own",
    refactoring: "split-json-column",
    at: "drop_column",
    given: `
      CREATE TABLE t (id int PRIMARY KEY, "D" jsonb);
      INSERT INTO t VALUES (1, '{"city": "Ö''s \\"x\\"", "n": 3, "more": true}'), (2, NULL), (3, '{"n": null}'), (4, '{"rest": {"a": [1]}}');`,
    upgrade: `
    op.add_column("t", sa.Column("city", sa.Text()))
    op.execute("ALTER TABLE t ADD COLUMN n integer")
    op.add_column("t", sa.Column("rest", sa.JSON()))
    op.drop_column("t", "D")`,
    downgrade: `
    op.execute('ALTER TABLE t ADD COLUMN "D" jsonb')
    op.drop_column("t", "rest")
    op.drop_column("t", "n")
    op.drop_column("t", "city")`,
    parts: 1,
    makes: /->> 'city'/,
    table: "t",
    rows: [
      `{"n": 3, "id": 1, "city": "Ö's \\"x\\"", "rest": null}`,
      `{"n": null, "id": 2, "city": null, "rest": null}`,
      `{"n": null, "id": 3, "city": null, "rest": null}`,
      `{"n": null, "id": 4, "city": null, "rest": {"a": [1]}}`,
    ],
    back: [
      `{"D": {"n": 3, "city": "Ö's \\"x\\""}, "id": 1}`,
      `{"D": {"rest": {"a": [1]}}, "id": 4}`,
      `{"D": {}, "id": 2}`,
      `{"D": {}, "id": 3}`,
    ],
  },
  {
    name: "makes tables of a list",
    refactoring: "normalize-list-column",
    at: "drop_column",
    given: `
      CREATE TABLE posts (id int PRIMARY KEY, tags text);
      INSERT INTO posts VALUES (1, 'b, a,b'), (2, NULL), (3, ''), (4, 'it''s,, "x" '), (5, 'a');`,
    upgrade: `
    op.create_table("tags", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(50), nullable=False, unique=True))
    op.create_table("post_tags",
        sa.Column("post_id", sa.Integer(), sa.ForeignKey("posts.id"), primary_key=True),
        sa.Column("tag_id", sa.Integer(), sa.ForeignKey("tags.id"), primary_key=True))
    op.drop_column("posts", "tags")`,
    downgrade: `
    op.add_column("posts", sa.Column("tags", sa.Text()))
    op.drop_table("post_tags")
    op.drop_table("tags")`,
    parts: 1,
    makes: /string_to_array/,
    table: "(SELECT post_id, name FROM post_tags JOIN tags ON tags.id = tag_id)",
    rows: [
      `{"name": "\\"x\\"", "post_id": 4}`,
      `{"name": "a", "post_id": 1}`,
      `{"name": "a", "post_id": 5}`,
      `{"name": "b", "post_id": 1}`,
      `{"name": "it's", "post_id": 4}`,
    ],
    back: [
      `{"id": 1, "tags": "a,b"}`,
      `{"id": 2, "tags": null}`,
      `{"id": 3, "tags": null}`,
      `{"id": 4, "tags": "\\"x\\",it's"}`,
      `{"id": 5, "tags": "a"}`,
    ],
  },
  {
    name: "makes a flag of a date",
    refactoring: "flag-from-nullable",
    at: "drop_column",
    given: `
      CREATE TABLE t (id int PRIMARY KEY, deleted_at timestamptz);
      INSERT INTO t VALUES (1, '2025-01-01 00:00+00'), (2, NULL);`,
    upgrade: `
    op.add_column("t", sa.Column("is_deleted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_column("t", "deleted_at")`,
    downgrade: `
    op.add_column("t", sa.Column("deleted_at", sa.DateTime(timezone=True)))
    op.drop_column("t", "is_deleted")`,
    parts: 1,
    makes: /deleted_at IS NOT NULL/,
    table: "t",
    rows: [`{"id": 1, "is_deleted": true}`, `{"id": 2, "is_deleted": false}`],
    back: [`{"id": 1, "deleted_at": null}`, `{"id": 2, "deleted_at": null}`],
  },
];

describe.each(migrations)("$refactoring of a migration that $name", (migration) => {
  test("keeps the schema of the original, and what it would lose, up, down and up again", async () => {
    const original = await open(whole(scope, migration));
    const changed = await open(await refactored(scope, migration));
    const before = await original.up(parent);
    expect(await changed.up(parent)).toEqual(before);
    const after = await changed.up(mixed);
    expect(after.schema).toEqual((await original.up(mixed)).schema);
    expect(await changed.rows(migration.table)).toEqual(migration.rows);
    const undone = await changed.down(parent);
    expect(undone.schema).toEqual((await original.down(parent)).schema);
    const [table = ""] = Object.keys(before.rows);
    expect(undone.rows[table]).toEqual(migration.back);
    expect((await changed.up(mixed)).schema).toEqual(after.schema);
  });
});
