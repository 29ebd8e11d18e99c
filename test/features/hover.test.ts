import { describe, expect, test } from "vitest";
import { hoverAt } from "../../server/src/features/hover/index.ts";
import { renderStatistics } from "../../server/src/project/statistics.ts";
import { statistics, users as usersTable } from "../support/statistics.ts";
import { absolute, openFixture, type FixtureOptions } from "../support/project.ts";

const users = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String(100), unique=True))
`;

/** The hover at `<|>`. */
async function hover(source: string, options: FixtureOptions = {}): Promise<string | undefined> {
  const { project, fixture } = await openFixture(source, options);
  const { cursor } = fixture;
  const file = cursor && project.files.get(absolute(cursor.path));
  if (!file) throw new Error("the fixture has no cursor in a revision file");
  return hoverAt({ project, file, offset: cursor.offset })?.markdown;
}

describe("on upgrade and on the revision id", () => {
  test.each([
    ["def up<|>grade():", '"0002"'],
    ["def upgrade():", '"00<|>02"'],
  ])("%s, %s tells how much was analysed, and what not", async (head, id) => {
    const markdown = await hover(`${users}-- versions/0002_rows.py --
from alembic import op
from shop.repair import repair

revision = ${id}
down_revision = "0001"


${head}
    op.drop_column("users", "email")
    repair(op.get_bind())
`);
    expect(markdown).toMatch(/^\*\*Retort\*\*: 1 of 2 statements analysed\n\nNot analysed:\n- line 10: repair/);
  });
});

describe("on the name of an operation", () => {
  test("shows the SQL that it makes", async () => {
    const source = `${users}-- versions/0002_name.py --
op.add_<|>column("users", sa.Column("name", sa.String(20), server_default="x", nullable=False))
`;
    expect(await hover(source)).toMatch(
      /^`add_column`\n\n```sql\nALTER TABLE users ADD COLUMN name character varying\(20\) DEFAULT 'x' NOT NULL;\n```\n/,
    );
  });

  test("tells whom it locks out, and where versions differ", async () => {
    const index = `${users}-- versions/0002_index.py --
op.create_<|>index("ix", "users", ["email"])
`;
    expect(await hover(index)).toContain(
      [
        "PostgreSQL 13 to 18, measured:",
        "- `ShareLock` on `users`: blocks writes",
        "- Reads the whole table: `users`",
        "- Builds an index: `users`",
      ].join("\n"),
    );
    const made = `-- versions/0001_users.py --
op.create_table("users", sa.Column("email", sa.Text()))
op.create_<|>index("ix", "users", ["email"])
`;
    expect(await hover(made)).not.toContain("blocks writes");
  });

  test.each([
    ["mysql", "MySQL 8.4, as documented:\n- `ALGORITHM=COPY`: the table is copied\n- `LOCK=SHARED`: blocks writes"],
    ["mariadb", "MariaDB 11, as documented:\n- `ALGORITHM=COPY`"],
  ] as const)("tells of %s what its manual says", async (dialect, expected) => {
    const source = `${users}-- versions/0002_type.py --
op.alter_<|>column("users", "email", type_=sa.Integer(), existing_type=sa.String(100))
`;
    expect(await hover(source, { dialect })).toContain(expected);
  });

  test("tells of SQLite that batch mode copies the table", async () => {
    const source = `${users}-- versions/0002_type.py --
with op.batch_alter_table("users") as batch_op:
    batch_op.alter_<|>column("email", type_=sa.Integer())
`;
    expect(await hover(source, { dialect: "sqlite" })).toMatch(/SQLite, as documented:\n- .*`users`/);
  });

  test("tells nothing of locks where the SQL is not known", async () => {
    const source = `${users}-- versions/0002_index.py --
op.exe<|>cute(get_sql())
`;
    expect(await hover(source)).not.toContain("PostgreSQL");
  });

  test("says why it is not analysed", async () => {
    const source = `${users}-- versions/0002_name.py --
import shop
op.exe<|>cute(shop.statement())
`;
    expect(await hover(source)).toMatch(/Not analysed: /);
  });
});

describe("on the name of a table or column", () => {
  const source = `${users}-- versions/0002_drop.py --
op.add_column("users", sa.Column("name", sa.Text()))
op.execute("UPDATE users SET name = email")
op.drop_column("users", "email")
`;

  test("shows the table as it is there", async () => {
    expect(await hover(source.replace("UPDATE users", "UPDATE us<|>ers"))).toBe(
      [
        "Before this operation:",
        "",
        "```sql",
        "TABLE users",
        "  id integer NOT NULL DEFAULT nextval(…)",
        "  email character varying(100)",
        "  name text",
        "  CONSTRAINT users_pkey PRIMARY KEY (id)",
        "  CONSTRAINT users_email_key UNIQUE (email)",
        "```",
      ].join("\n"),
    );
  });

  test("shows the column with what is on it", async () => {
    expect(await hover(source.replace(', "email")', ', "<|>email")'))).toBe(
      "Before this operation:\n\n```sql\nusers.email character varying(100)\n  CONSTRAINT users_email_key UNIQUE (email)\n```",
    );
  });

  test("shows what is made by the operation itself", async () => {
    expect(await hover(source.replace('"name"', '"name<|>"'))).toContain("After this operation");
  });

  test("says nothing elsewhere", async () => {
    expect(await hover(source.replace("sa.Text", "s<|>a.Text"))).toBeUndefined();
  });
});

describe("where sizes are known", () => {
  const source = `-- retort.stats.json --
${renderStatistics(statistics)}
${users}-- versions/0002_name.py --
op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
op.add_<|>column("users", sa.Column("team", sa.Integer(), sa.ForeignKey("teams.id")))
`;
  const size = "`users`: " + String.raw`12\.4 million rows, 3\.1 GB \(of 2026\-11\-20\)`;

  test("an operation tells what is at stake, tables of its own revision aside", async () => {
    expect(await hover(source)).toContain(`\n\nAt stake:\n- ${size}`);
    expect(await hover(source)).not.toContain("teams:");
    expect(
      await hover(`${users.replace("create_table", "create_<|>table")}${source.split(users)[0] ?? ""}`),
    ).not.toContain("At stake");
  });

  test("so does the name of a table", async () => {
    const named = source.replace("<|>", "").replace('column("users"', 'column("us<|>ers"');
    expect(await hover(named)).toMatch(/TABLE users[^]*\n\nAt stake:\n- `users`: 12/);
  });

  test("sizes of the dev database stand beside them, and are called so", async () => {
    const { project, fixture } = await openFixture(source);
    const file = fixture.cursor && project.files.get(absolute(fixture.cursor.path));
    if (!file) throw new Error("no file");
    const development = {
      ...statistics,
      tables: [{ ...usersTable, rows: 7, tableBytes: 8192, indexBytes: 0, toastBytes: 0 }],
    };
    const hovered = hoverAt({ project, file, offset: fixture.cursor.offset, development });
    expect(hovered?.markdown).toContain(
      size + "\n- `users`: " + String.raw`7 rows, 8 kB \(of 2026\-11\-20\), in the dev database`,
    );
  });
});

test("text of the file shows as text: no fence ends early", async () => {
  const source = `-- versions/0001_x.py --
op.create_<|>table("t", sa.Column("a", sa.Text(), server_default="\`\`\`[x](command:y)<b>"))
`;
  expect(await hover(source)).toContain("````sql\n");
});
