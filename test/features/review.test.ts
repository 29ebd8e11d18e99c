import { describe, expect, test } from "vitest";
import type { QuestionId } from "../../server/src/features/review/answer.ts";
import { renderReviewMarkdown } from "../../server/src/features/review/markdown.ts";
import { reviewRevision, type Review } from "../../server/src/features/review/review.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import type { FixtureOptions } from "../support/project.ts";
import { openFixture } from "../support/project.ts";

const users = `-- versions/0001_users.py --
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("email", sa.String(100)),
    sa.Column("name", sa.String(100)),
)
op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_it.py --
`;

const whole = (up: string, down: string): string => `"""it"""
from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"


def upgrade():
    ${up.replaceAll("\n", "\n    ")}


def downgrade():
    ${down.replaceAll("\n", "\n    ")}
`;

async function review(body: string, options: FixtureOptions = {}): Promise<readonly [Review, string]> {
  const { project } = await openFixture(users + body, options);
  const file = [...project.files.values()].at(-1);
  if (!file) throw new Error("there is no revision");
  return [reviewRevision(project, file, defaultSettings), file.text];
}

/** The verdict and the facts of one question, a line each. */
async function asked(question: QuestionId, body: string, options: FixtureOptions = {}): Promise<readonly string[]> {
  const [{ answers }] = await review(body, options);
  const found = answers.find((one) => one.question === question);
  return [found?.verdict ?? "", ...(found?.facts ?? []).map(({ text }) => text)];
}

const calm = "for a moment, once all transactions that use the table have ended";

describe("each step is done in a moment", () => {
  test.each([
    ["a column that only changes the definition", `op.add_column("users", sa.Column("a", sa.Integer()))`],
    ["rows that the text lists", `op.execute("INSERT INTO users (id) VALUES (1)")`],
    ["anything on a new table", `op.create_table("t", sa.Column("a", sa.Integer()))\nop.create_index("i", "t", ["a"])`],
  ])("%s: yes", async (_, body) => {
    expect((await asked("moment", body))[0]).toBe("yes");
  });

  test.each([
    [`op.create_index("i", "users", ["email"])`, "create_index i on users: builds an index of users"],
    [`op.alter_column("users", "id", type_=sa.BigInteger())`, "alter_column users.id: writes users anew"],
    [`op.execute("UPDATE users SET email = NULL")`, "UPDATE users: changes rows of users"],
    [
      `with op.get_context().autocommit_block():\n    op.create_index("i", "users", ["email"], postgresql_concurrently=True)`,
      "create_index i on users: builds an index of users while everybody works on",
    ],
  ])("%s: no, with the reason", async (body, fact) => {
    expect(await asked("moment", body)).toEqual(["no", fact]);
  });

  test("what could not be read is not known, never yes", async () => {
    const [verdict, fact] = await asked("moment", `from somewhere import helper\nhelper(op)`);
    expect(verdict).toBe("unknown");
    expect(fact).toMatch(/^not analysed: /);
  });
});

describe("nobody waits long for a lock", () => {
  test("a short lock is told, and is good enough", async () => {
    expect(await asked("locks", `op.add_column("users", sa.Column("a", sa.Integer()))`)).toEqual([
      "yes",
      `add_column users.a: AccessExclusiveLock on users blocks reads and writes ${calm}`,
    ]);
  });

  test("a short lock is kept while the same transaction changes rows", async () => {
    const body = `op.add_column("users", sa.Column("a", sa.Integer()))\nop.execute("UPDATE users SET a = 1")`;
    expect(await asked("locks", body)).toEqual([
      "no",
      "add_column users.a: AccessExclusiveLock on users blocks reads and writes while UPDATE users changes rows of users",
      "UPDATE users: whoever changes one of its rows waits while it changes rows of users",
    ]);
  });

  test("rows that are new keep nobody waiting", async () => {
    const facts = await asked("locks", `op.execute("INSERT INTO users (id) SELECT id FROM orders")`);
    expect(facts[0]).toBe("yes");
    expect(facts.join("\n")).not.toContain("waits");
  });

  test("what comes before the lock does not lengthen it", async () => {
    const body = `op.execute("UPDATE users SET email = NULL")\nop.add_column("users", sa.Column("a", sa.Integer()))`;
    expect((await asked("locks", body)).at(-1)).toContain(calm);
  });

  test("says so where all pending revisions share a transaction", async () => {
    const shared = `-- env.py --\nfrom alembic import context\n\ncontext.configure(target_metadata=None)\n${users}`;
    const { project } = await openFixture(`${shared}op.add_column("users", sa.Column("a", sa.Integer()))`);
    const file = [...project.files.values()].find(({ path }) => path.endsWith("0002_it.py"));
    const answers = file && reviewRevision(project, file, defaultSettings).answers;
    const locks = answers?.find(({ question }) => question === "locks");
    expect(locks?.verdict).toBe("unknown");
    expect(locks?.facts.at(-1)?.text).toMatch(/transaction_per_migration/);
  });
});

describe("the running release works before and after", () => {
  const copy = `op.add_column("users", sa.Column("label", sa.Text()))\nop.execute("UPDATE users SET label = name")`;
  const drop = `op.drop_column("users", "name")`;

  test("a new column takes nothing away", async () => {
    expect(await asked("compatible", `op.add_column("users", sa.Column("a", sa.Integer()))`)).toEqual([
      "yes",
      "nothing that exists goes away, gets another name, or asks more of those who write",
    ]);
  });

  test("what a rule finds is a fact", async () => {
    expect(await asked("compatible", drop)).toEqual([
      "no",
      `Code that still names "users.name" fails once this has run`,
    ]);
  });

  test("a column that the same upgrade copies is in use until then", async () => {
    expect(await asked("compatible", `${copy}\n${drop}`)).toEqual([
      "no",
      "drop_column users.name: code that still names users.name fails once this has run",
    ]);
  });

  test("the last step of a chain depends on the release that runs, which no text tells", async () => {
    const chain = `${copy}\n-- versions/0003_contract.py --\n${drop}`;
    expect(await asked("compatible", chain)).toEqual([
      "unknown",
      "drop_column users.name: only if the running release does not name users.name any more",
    ]);
  });

  test("on SQLite, too, a column goes away", async () => {
    expect((await asked("compatible", drop, { dialect: "sqlite" }))[0]).toBe("unknown");
  });

  test("a new column that must not be NULL asks more of those who write", async () => {
    const fill = `op.add_column("users", sa.Column("a", sa.Text()))\nop.alter_column("users", "a", nullable=False)`;
    expect(await asked("compatible", fill)).toEqual([
      "no",
      `Code that inserts into "users" without "a" fails once this has run: NOT NULL, and no default`,
    ]);
  });

  test("rows that change under the code that reads them: not known", async () => {
    expect(await asked("compatible", `op.execute("UPDATE users SET name = 'x' WHERE id < 5")`)).toEqual([
      "unknown",
      "UPDATE users: whether the running release understands the rows as they are then",
    ]);
    expect((await asked("compatible", copy))[0]).toBe("yes");
    expect((await asked("compatible", `op.execute("INSERT INTO users (id) VALUES (1)")`))[0]).toBe("yes");
  });

  test("an index that goes takes no name from the code", async () => {
    expect(
      (
        await asked(
          "compatible",
          `op.create_index("i", "users", ["name"])\n-- versions/0003_drop.py --\nop.drop_index("i", "users")`,
        )
      )[0],
    ).toBe("yes");
  });
});

describe("the way back brings everything back", () => {
  test("an exact inverse: yes", async () => {
    const file = whole(`op.add_column("users", sa.Column("a", sa.Integer()))`, `op.drop_column("users", "a")`);
    expect(await asked("way-back", file)).toEqual(["yes", "upgrade, then downgrade gives the same schema again"]);
  });

  test("what remains is named", async () => {
    const up = `op.add_column("users", sa.Column("a", sa.Integer()))\nop.add_column("users", sa.Column("b", sa.Integer()))`;
    expect(await asked("way-back", whole(up, `op.drop_column("users", "a")`))).toEqual([
      "no",
      "after upgrade and downgrade column users.b remains",
    ]);
  });

  test.each([
    ["pass", "downgrade() does nothing"],
    [`raise NotImplementedError("never")`, "downgrade() refuses, by intent"],
  ])("%s: no", async (down, fact) => {
    const file = whole(`op.add_column("users", sa.Column("a", sa.Integer()))`, down);
    expect(await asked("way-back", file)).toEqual(["no", fact]);
  });

  test("values that were dropped do not come back, though the schema does", async () => {
    const down = `op.add_column("users", sa.Column("name", sa.String(100)))`;
    expect(await asked("way-back", whole(`op.drop_column("users", "name")`, down))).toEqual([
      "no",
      "the values that are dropped do not come back",
    ]);
  });
});

describe("it is one logical change", () => {
  test("tables that nothing connects: no", async () => {
    const body = `op.add_column("users", sa.Column("a", sa.Integer()))\nop.add_column("orders", sa.Column("a", sa.Integer()))`;
    expect(await asked("one-change", body)).toEqual(["no", "nothing connects users with orders"]);
  });

  test("tables that a foreign key connects: yes", async () => {
    const body = `op.add_column("orders", sa.Column("user_id", sa.Integer()))\nop.create_foreign_key(None, "orders", "users", ["user_id"], ["id"])`;
    expect(await asked("one-change", body)).toEqual(["yes", "all of it is about orders, users"]);
  });

  test("schema and rows at once: no", async () => {
    const body = `op.add_column("users", sa.Column("a", sa.Integer()))\nop.execute("UPDATE users SET a = 1")`;
    expect(await asked("one-change", body)).toEqual([
      "no",
      "it changes the schema and the rows of existing tables at once",
    ]);
  });
});

describe("large changes of rows go in batches", () => {
  test.each([
    [`op.execute("UPDATE users SET email = NULL")`, "no", "UPDATE users: all rows in one statement"],
    [
      `op.execute("UPDATE users SET email = NULL WHERE id < 10")`,
      "unknown",
      "UPDATE users: in one statement; how many rows its WHERE matches is not known",
    ],
    [
      `while True:\n    n = op.get_bind().execute(sa.text("UPDATE users SET email = 'x' WHERE id < 10")).rowcount\n    if n == 0:\n        break`,
      "no",
      "UPDATE users: in a loop, but all turns in one transaction, which keeps every row locked",
    ],
  ])("%s: %s", async (body, verdict, fact) => {
    expect(await asked("batches", body)).toEqual([verdict, fact]);
  });
});

test("Markdown shows hostile text and does nothing with it", async () => {
  const body = whole(`op.execute("UPDATE users SET email = NULL")`, "pass").replace(
    '"""it"""',
    '"""[x](javascript:alert(1)) <b>|</b>"""',
  );
  const [made, text] = await review(body);
  const markdown = renderReviewMarkdown(made, text, "versions/0002_it.py");
  expect(markdown).toContain("\\[x\\]\\(javascript\\:alert\\(1\\)\\) \\<b\\>\\|\\</b\\>");
  expect(markdown).toContain(
    "| Large changes of rows go in batches | ❌ no | line 10: UPDATE users\\: all rows in one statement |",
  );
});
