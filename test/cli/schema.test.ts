import { describe, expect, test } from "vitest";
import { ini, retort } from "./retort.ts";

const shop = `${ini}context.configure(target_metadata=None)
-- migrations/versions/0001_users.py --
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("email", sa.String(100), nullable=False, unique=True),
)
-- migrations/versions/0002_state.py --
op.execute("CREATE TYPE state AS ENUM ('new', 'old')")
op.add_column("users", sa.Column("state", postgresql.ENUM(name="state", create_type=False), server_default="new"))
op.create_index("ix_users_state", "users", ["state"], postgresql_where=sa.text("state = 'new'"))
`.replace("op.execute(", "from sqlalchemy.dialects import postgresql\nop.execute(");

describe("schema", () => {
  test("prints statements that make the schema at the heads", async () => {
    const { code, out, err } = await retort(["schema"], shop);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toBe(`CREATE TYPE state AS ENUM ('new', 'old');
CREATE SEQUENCE users_id_seq AS integer;
CREATE TABLE users (
  id integer DEFAULT nextval('users_id_seq'::regclass) NOT NULL,
  email character varying(100) NOT NULL,
  state state DEFAULT 'new',
  CONSTRAINT users_pkey PRIMARY KEY (id)
);
ALTER SEQUENCE users_id_seq OWNED BY users.id;
ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);
CREATE INDEX ix_users_state ON users (state) WHERE state = 'new';
`);
  });

  test("takes a revision as Alembic names them", async () => {
    for (const name of ["0001", "-1"]) {
      const { out, err } = await retort(["schema", name], shop);
      expect([err, out.includes("ix_users_state"), out.includes("users_email_key")]).toEqual(["", false, true]);
    }
  });

  test("prints JSON", async () => {
    const { out } = await retort(["schema", "--format", "json"], shop);
    expect(JSON.parse(out)).toMatchObject({
      types: [{ name: "state", values: ["new", "old"] }],
      tables: [
        {
          name: "users",
          columns: [
            { name: "id" },
            { name: "email", type: "character varying(100)", nullable: false },
            { name: "state" },
          ],
          constraints: [{ name: "users_pkey" }, { name: "users_email_key", type: "unique", columns: ["email"] }],
        },
      ],
      doubt: null,
    });
  });

  test("tells how two revisions differ", async () => {
    const { out } = await retort(["schema", "0001..0002"], shop);
    expect(out.split("\n")).toEqual([
      "column users.state added",
      "index ix_users_state of users added",
      "type state added",
      "",
    ]);
    expect((await retort(["schema", "0002..head"], shop)).out).toBe("no difference\n");
    expect((await retort(["schema", "..0001"], shop)).out).toBe("table users added\n");
  });

  test("says what is not known, in place of guessing", async () => {
    const opaque = `${shop}-- migrations/versions/0003_rows.py --
from shop.repair import repair
repair(op.get_bind())
`;
    expect((await retort(["schema"], opaque)).out).toMatch(/^-- There may be more: repair/);
    expect((await retort(["schema", "0002..0003"], opaque)).out).toMatch(/^no difference\nnot known: repair/);
  });

  test.each([
    [["schema", "-9"], /^retort: .*-9/],
    [["schema", "nope"], /^retort: .*nope/],
    [["schema", "a", "b"], /^retort: schema takes one REVISION, and "b" is a second/],
    [["schema", "--format", "xml"], /^retort: --format must be one of sql, json, not "xml"/],
    [["schema", "--project", "nowhere"], /^retort: nowhere does not exist/],
  ])("%j ends with 2 and one sentence", async (argv, message) => {
    const { code, err, out } = await retort(argv, shop);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });
});
