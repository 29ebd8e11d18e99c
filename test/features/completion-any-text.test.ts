import fc from "fast-check";
import { expect, test } from "vitest";
import { completionsAt } from "../../server/src/features/completion/index.ts";
import { documentationOf } from "../../server/src/features/completion/documentation.ts";
import { typingAt } from "../../server/src/model/typing.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { expectedAt } from "../../server/src/sql/expected.ts";
import { lexemes } from "../../server/src/syntax/lexemes.ts";
import { range } from "../../server/src/text/range.ts";
import { memoryFiles, memoryLog } from "../support/memory.ts";

const sample = `"""Every shape of it

Revision ID: 0002
"""
from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = ("0001",)


def upgrade() -> None:
    op.drop_index(op.f("ix_users_team"), table_name='users')  # "ünïcode 💡
    op.create_foreign_key("fk", "users", "teams", ["team_id"], ["id"], ondelete="CASCADE")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column('email')
    op.execute(
        sa.text(f"""
            UPDATE users u SET email = 'x\\n{name}' FROM teams t
            WHERE t."id" = u.team_id; -- and so on
            DROP TABLE "Odd Name"
        """)
    )
    op.get_bind().execute("SELECT \\"id\\" FROM " "users " + table + " WHERE id IN (1, 2)")


def downgrade() -> None:
    op.add_column("users", sa.Column("email", sa.String(50), sa.ForeignKey("teams.id")))
`;

const first = `from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text()), sa.Column("team_id", sa.Integer()))
    op.execute('CREATE TABLE "Odd Name" (id integer)')
    op.create_index("ix_users_team", "users", ["team_id"])
`;

const path = "/w/versions/0002.py";

async function open() {
  const texts = {
    "/w/alembic.ini": "[alembic]\nscript_location = %(here)s\nsqlalchemy.url = postgresql://h/d\n",
    "/w/env.py": "from alembic import context\n",
    "/w/versions/0001.py": first,
    [path]: sample,
  };
  const store = new ProjectStore(memoryFiles(texts), memoryLog());
  await store.open(["/w"]);
  return async (text: string, offset: number) => {
    await store.update(path, text);
    const [project] = store.snapshot().projects;
    const file = project?.files.get(path);
    if (!project || !file) throw new Error("the file is gone");
    const { items } = completionsAt({ project, file, offset });
    return { project, file, items };
  };
}

/** An edit stays within the literal or the name that the place is in, and on its line. */
function holds(text: string, offset: number, edited: { readonly start: number; readonly end: number }): void {
  expect(edited.start).toBeLessThanOrEqual(offset);
  expect(offset).toBeLessThanOrEqual(edited.end);
  expect(edited.end).toBeLessThanOrEqual(text.length);
  expect(text.slice(edited.start, edited.end)).not.toMatch(/[\r\n]/);
  const around = lexemes(text, range(0, text.length)).find(
    ({ kind, start, end }) => kind !== "line" && start <= edited.start && edited.end <= end,
  );
  if (edited.end > edited.start) expect(["string", "name"]).toContain(around?.kind);
}

test("any beginning of a file, and any place in the whole of it, has an answer that stays in its token", async () => {
  const ask = await open();
  let offered = 0;
  for (let offset = 0; offset <= sample.length; offset += 7) {
    for (const text of [sample.slice(0, offset), sample]) {
      const { items, project, file } = await ask(text, offset);
      for (const item of items) holds(text, offset, item.range);
      const subject = items.find((item) => item.subject)?.subject;
      if (subject) expect(documentationOf(project, file, subject)).toContain("Made by `0001`");
      offered += items.length;
    }
  }
  expect(offered).toBeGreaterThan(100);
});

test("what a place of a text means is told of every text", () => {
  for (let offset = 0; offset <= sample.length; offset++) {
    typingAt(sample.slice(0, offset), offset);
    typingAt(sample, offset);
  }
  const fragments = [
    '"',
    "'",
    '"""',
    "\\",
    "\n",
    "(",
    "[",
    "op.drop_column(",
    "op.execute(",
    ", ",
    "f",
    "r",
    "{",
    "}",
    "users",
    "é",
    "💡",
    "#",
    " as b:",
    "=",
    "with ",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...fragments), { maxLength: 30 }), fc.nat(), (parts, at) => {
      const text = parts.join("");
      typingAt(text, at % (text.length + 1));
    }),
    { numRuns: 500 },
  );
});

test("what SQL expects is told of every text", () => {
  const words = [
    "SELECT",
    "FROM",
    "users",
    "u",
    ".",
    ",",
    "(",
    ")",
    "'",
    '"',
    ";",
    "ALTER TABLE",
    "DROP",
    "COLUMN",
    "CONSTRAINT",
    "$$",
    "--",
    "/*",
    "::",
    "=",
    "\n",
    "é",
    "\uFFFC",
    "CREATE INDEX i ON",
    "REFERENCES",
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...words), { maxLength: 20 }),
      fc.nat(),
      fc.constantFrom("postgresql", "mysql", "sqlite", "mssql"),
      (parts, n, dialect) => {
        const text = parts.join(" ");
        const offset = n % (text.length + 1);
        const expected = expectedAt(text, offset, dialect as "postgresql");
        if (!expected) return;
        expect(expected.range.start).toBeLessThanOrEqual(offset);
        expect(offset).toBeLessThanOrEqual(expected.range.end);
      },
    ),
    { numRuns: 2000 },
  );
});
