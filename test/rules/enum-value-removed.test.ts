import { test } from "vitest";
import { enumValueRemoved as rule } from "../../server/src/rules/enum-value-removed.ts";
import { allows, flags } from "../support/cases.ts";

const days = `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", "meh", name="mood")))
-- versions/0002_change.py --
`;

test("names all values that go", () =>
  flags(
    rule,
    `${days}op.sync_enum_values("public", "mood", ["ok"], [("days", "mood")])
   ^^^^^^^^^^^^^^^^ warning: Rows of the enum "mood" that hold "sad" and "meh" make this fail, and code that still says so fails once it has run.
`,
  ));

test("a value that gets another name is not gone", () =>
  allows(
    rule,
    `${days}op.sync_enum_values("public", "mood", ["sad", "ok", "bad"], [("days", "mood")], enum_values_to_rename=[("meh", "bad")])\n`,
  ));

test("a column that gets another type with fewer values", () =>
  flags(
    rule,
    `${days}op.alter_column("days", "mood", type_=sa.Enum("sad", "ok", name="feeling"), postgresql_using="mood::text::feeling")
   ^^^^^^^^^^^^ warning: Rows of "days.mood" that hold "meh" make this fail, and code that still says so fails once it has run.
`,
  ));

test("a type of the same name stays what it is in the database, whatever the revision lists", () =>
  allows(
    rule,
    `${days}op.alter_column("days", "mood", existing_type=sa.Enum("sad", "ok", "meh", name="mood"), type_=sa.Enum("sad", "ok", name="mood"))\n`,
  ));

test("a type of which nothing is known before is not judged", () =>
  allows(rule, `op.sync_enum_values("public", "mood", ["ok"], [("days", "mood")])\n`));

test("the catalog is not to be touched", () =>
  flags(
    rule,
    `
op.execute("DELETE FROM pg_catalog.pg_enum WHERE enumlabel = 'meh'")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: Rows that hold the value cannot be read any more once it is deleted from pg_enum: PostgreSQL does not look for them.
`,
  ));

test("a list of MySQL, as SQL", () =>
  flags(
    rule,
    `-- versions/0001_days.py --
op.execute("CREATE TABLE days (mood ENUM('sad', 'ok', 'meh'))")
-- versions/0002_change.py --
op.execute("ALTER TABLE days MODIFY mood ENUM('sad', 'ok')")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: Rows of "days.mood" that hold "meh" make this fail, and code that still says so fails once it has run.
`,
    { dialect: "mysql" },
  ));
