/** What runs past Alembic's connection is told apart from what runs over it. */
import { expect, test } from "vitest";
import { upgradeOf } from "./reading.ts";

const own = (body: string): readonly (true | undefined)[] =>
  upgradeOf(body).operations.map(({ ownConnection }) => ownConnection);

test.each([
  `op.get_bind().engine.connect().execute(sa.text("DELETE FROM t"))`,
  `c = op.get_bind().engine.connect()\nc.execute(sa.text("DELETE FROM t"))`,
  `with sa.create_engine("postgresql:///a").begin() as c:\n    c.execute(sa.text("DELETE FROM t"))`,
  `op.get_bind().connection.cursor().execute("DELETE FROM t")`,
  `raw = op.get_bind().connection.dbapi_connection\nraw.commit()`,
])("past Alembic's connection: %s", (body) => {
  expect(own(body)).toContain(true);
});

test.each([
  `op.execute("DELETE FROM t")`,
  `c = op.get_bind()\nc.execute(sa.text("DELETE FROM t"))`,
  `op.get_context().connection.execute(sa.text("DELETE FROM t"))`,
  `op.get_bind().commit()`,
])("over Alembic's connection: %s", (body) => {
  expect(own(body)).toEqual([undefined]);
});

test("commit() and rollback() of a savepoint are not those of the transaction", () => {
  const body = `a = op.get_bind().begin_nested()\na.commit()\nb = op.get_bind().begin_nested()\nb.rollback()`;
  expect(upgradeOf(body).operations.map(({ name }) => name)).toEqual([
    "savepoint",
    "release",
    "savepoint",
    "rollback_to",
  ]);
});

test.each([
  ['with sa.create_engine("postgresql:///audit").begin() as c:\n    c.execute(sa.text("DELETE FROM t"))', true],
  ['sa.create_engine(f"postgresql://{host}/audit").connect().execute(sa.text("DELETE FROM t"))', true],
  ['sa.create_engine(op.get_bind().engine.url).connect().execute(sa.text("DELETE FROM t"))', undefined],
  ['op.get_bind().engine.connect().execute(sa.text("DELETE FROM t"))', undefined],
] as const)("a database that the revision names itself: %s", (body, expected) => {
  expect(upgradeOf(body).operations.find(({ kind }) => kind === "delete")?.otherDatabase).toBe(expected);
});
