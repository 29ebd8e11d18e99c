import { test } from "vitest";
import { enumCreatedTwice as rule } from "../../server/src/rules/enum-created-twice.ts";
import { allows, fixes, flags, leaves } from "../support/cases.ts";

const days = `-- versions/0001_days.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
`;

test("tells a type of an earlier revision from one of this revision", async () => {
  await flags(
    rule,
    `${days}-- versions/0002_nights.py --
op.create_table("nights", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
   ^^^^^^^^^^^^ error: The enum "mood" exists already: this fails wherever the revision that created it has been run before.
`,
  );
  await flags(
    rule,
    `${days}-- versions/0002_nights.py --
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error: The enum "mood" exists already at this point: this fails.
`,
  );
});

test("a type in another schema is another type", () =>
  allows(
    rule,
    `${days}-- versions/0002_nights.py --
op.create_table("nights", sa.Column("mood", sa.Enum("sad", "ok", name="mood", schema="night")))
`,
  ));

test("a type that was dropped in between may be created again, and so may one of a table that was", async () => {
  const again = `op.create_table("nights", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))\n`;
  await allows(rule, `${days}-- versions/0002_nights.py --\nop.execute("DROP TYPE IF EXISTS mood")\n${again}`);
  await flags(
    rule,
    `${days}-- versions/0002_nights.py --
op.drop_table("days")
op.create_table("nights", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
   ^^^^^^^^^^^^ error: *
`,
  );
});

test("what is created under a test, or only perhaps, is not judged", async () => {
  await allows(
    rule,
    `${days}-- versions/0002_nights.py --
if not op.get_bind().execute(sa.text("SELECT 1 FROM pg_type WHERE typname = 'mood'")).scalar():
    op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
`,
  );
  await allows(
    rule,
    `-- versions/0001_days.py --
if op.get_context().opts.get("moods"):
    op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
-- versions/0002_nights.py --
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
`,
  );
});

test("looks first, once it is told to", () =>
  fixes(
    rule,
    `-- versions/0001_days.py --
op.execute("CREATE TYPE mood AS ENUM ('sad')")
-- versions/0002_again.py --
sa.Enum("sad", name="mood").create(op.get_bind())
`,
    `sa.Enum("sad", name="mood").create(op.get_bind(), checkfirst=True)`,
  ));

test("SQL has no such clause", () =>
  leaves(rule, `${days}-- versions/0002_again.py --\nop.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")\n`));
