import { describe, expect, test } from "vitest";
import { freezeModels as freeze } from "../../server/src/refactorings/freeze-models.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { upgradesOf } from "./upgrades.ts";

const model = `-- app/models.py --
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, mapped_column, relationship

from app.types import Email


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id = mapped_column(sa.Integer, primary_key=True)
    role = mapped_column(sa.String(20))
    active = mapped_column(sa.Boolean)
    data = mapped_column(sa.JSON)
    mail = mapped_column(Email)
    full = mapped_column("full_name", sa.Text)
    level = mapped_column(sa.Integer)
    newest = mapped_column(sa.Text)
    orders = relationship("Order")


class Log(Base):
    __tablename__ = "logs"
    id = mapped_column(sa.Integer, primary_key=True)
    text = mapped_column(sa.Text)
    at = mapped_column(sa.DateTime, default=now)
    seen = mapped_column(sa.DateTime, onupdate=now)


class Special(Base):
    __tablename__ = "users"
    __mapper_args__ = {"polymorphic_on": "role"}
    role = mapped_column(sa.String(20))
`;

const base = `-- versions/0001_base.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("role", sa.String(20)), sa.Column("active", sa.Boolean()), sa.Column("data", postgresql.JSONB()), sa.Column("mail", sa.Text()), sa.Column("full_name", sa.Text()), sa.Column("level", sa.Integer(), server_default="1"))
op.create_table("logs", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", sa.Text()), sa.Column("at", sa.DateTime()), sa.Column("seen", sa.DateTime()))
${model}-- versions/0002_case.py --
from alembic import op
import sqlalchemy as sa
from sqlalchemy.orm import Session
IMPORT

revision = "0002"
down_revision = "0001"


def upgrade():
`.replace("op.create_table", "from sqlalchemy.dialects import postgresql\nop.create_table");

const source = (body: string, imported = "from app.models import User"): string =>
  base.replace("IMPORT", imported) +
  `session = Session(bind=op.get_bind())\n${body}`
    .split("\n")
    .map((line) => (line === "" ? "" : `    ${line}`))
    .join("\n") +
  "\n\n\ndef downgrade():\n    pass\n";

/** What becomes of the body, without its first line; and the table that is written down. */
async function frozen(body: string, imported?: string): Promise<readonly [body: string, tables: string, text: string]> {
  const made = await refactors(freeze, source(body, imported));
  const text = made.parts[0]?.text ?? "";
  const [up = ""] = upgradesOf(made);
  const tables = /down_revision = "0001"\n*([^]*?)\n*def upgrade/.exec(text)?.[1] ?? "";
  return [up.split("\n").slice(1).join("\n"), tables, text];
}

describe("becomes SQLAlchemy Core", () => {
  test.each([
    [
      "an update of a query",
      `session.<|>query(User).filter(User.role == "a", User.active).update({"role": "b"}, synchronize_session=False)`,
      `session.execute(users.update().where(users.c.role == "a", users.c.active).values({"role": "b"}))`,
      `users = sa.table("users", sa.column("role", sa.String(20)), sa.column("active", sa.Boolean()))`,
    ],
    [
      "a filter by keywords",
      `session.<|>query(User).filter_by(role=None, full=x()).update({User.role: "b"})`,
      `session.execute(users.update().where(users.c.role == None, users.c.full_name == x()).values({users.c.role: "b"}))`,
      `users = sa.table("users", sa.column("role", sa.String(20)), sa.column("full_name", sa.Text()))`,
    ],
    [
      "a deletion, over several lines",
      `(\n    session.<|>query(User)\n    .filter(User.id < 3)\n    .delete()\n)`,
      `(\n    session.execute(users.delete()\n    .where(users.c.id < 3))\n)`,
      `users = sa.table("users", sa.column("id", sa.Integer()))`,
    ],
    [
      "the number of rows that were changed",
      `n = session.<|>query(User).filter(User.id < 3).delete()`,
      `n = session.execute(users.delete().where(users.c.id < 3)).rowcount`,
      `users = sa.table("users", sa.column("id", sa.Integer()))`,
    ],
    [
      "the number of rows there are",
      `n = session.<|>query(User).filter(User.id < 3).count()`,
      `n = session.execute(sa.select(sa.func.count()).select_from(users).where(users.c.id < 3)).scalar()`,
      `users = sa.table("users", sa.column("id", sa.Integer()))`,
    ],
    [
      "columns that are asked for",
      `for i, role in session.<|>query(User.id, User.role).filter(User.active):\n    print(i, role)`,
      `for i, role in session.query(users.c.id, users.c.role).filter(users.c.active):\n    print(i, role)`,
      `users = sa.table("users", sa.column("id", sa.Integer()), sa.column("role", sa.String(20)), sa.column("active", sa.Boolean()))`,
    ],
    [
      "the table of a model",
      `op.<|>execute(User.__table__.update().where(User.__table__.c.id == 1).values(role="x"))`,
      `op.execute(users.update().where(users.c.id == 1).values(role="x"))`,
      `users = sa.table("users", sa.column("id", sa.Integer()), sa.column("role", sa.String(20)))`,
    ],
    [
      "a statement about a model",
      `session.<|>execute(sa.update(User).where(User.id == 1).values(role="x"))`,
      `session.execute(sa.update(users).where(users.c.id == 1).values(role="x"))`,
      `users = sa.table("users", sa.column("id", sa.Integer()), sa.column("role", sa.String(20)))`,
    ],
    [
      "an object that is added",
      `session.<|>add(User(id=1, role="x", level=2))\nsession.commit()`,
      `session.execute(users.insert().values(id=1, role="x", level=2))\nsession.commit()`,
      `users = sa.table("users", sa.column("id", sa.Integer()), sa.column("role", sa.String(20)), sa.column("level", sa.Integer()))`,
    ],
    [
      "several objects",
      `session.<|>add_all([User(role="x", level=2), User(role="y", level=3)])\nsession.flush()`,
      `session.execute(users.insert(), [dict(role="x", level=2), dict(role="y", level=3)])\nsession.flush()`,
      `users = sa.table("users", sa.column("role", sa.String(20)), sa.column("level", sa.Integer()))`,
    ],
  ])("%s", async (_, body, after, tables) => {
    const [up, written, text] = await frozen(body);
    expect(up).toBe(after);
    expect(written.replaceAll(/\n\s*/g, " ").replaceAll("( ", "(").replaceAll(", )", ")")).toBe(tables);
    expect(text).not.toContain("app.models");
  });

  test("and an import in the function goes as well", async () => {
    const [up, , text] = await frozen(
      `from app.models import User\nsession.<|>query(User).filter(User.id < 3).delete()`,
      "",
    );
    expect(up).toBe("session.execute(users.delete().where(users.c.id < 3))");
    expect(text).not.toContain("app.models");
  });

  test("and a name that is taken is not taken again", async () => {
    const [up] = await frozen(`users = 1\nsession.<|>query(User).filter(User.id < 3).delete()`);
    expect(up).toContain("session.execute(users_table.delete().where(users_table.c.id < 3))");
  });
});

describe("refuses", () => {
  test.each([
    ["objects", `for user in session.<|>query(User):\n    user.role = "x"`, /What line \d+ does with User has no form/],
    [
      "a relationship",
      `session.<|>query(User.orders).count()`,
      /User\.orders \(line \d+\) is not known to be a column/,
    ],
    [
      "a column of another name that gets a value",
      `session.<|>query(User).update({"full": "x"})`,
      /User\.full \(line \d+\) has another name in the database/,
    ],
    [
      "a type of its own",
      `session.<|>query(User).update({"mail": "x"})`,
      /The type of User\.mail is the application's/,
    ],
    ["what is never flushed", `session.<|>add(User(role="x", level=1))`, /It is not seen that the session is flushed/],
    [
      "a default of the table that the class does not know",
      `session.<|>add(User(role="x"))\nsession.commit()`,
      /User inserts NULL into level on line \d+, where the table has a default/,
    ],
    ["values that are not written there", `session.<|>query(User).update(values)`, /has no form without the class/],
    [
      "a column nobody has made",
      `session.<|>query(User).update({"newest": "x"})`,
      /The type of users\.newest is not known/,
    ],
  ])("%s", async (_, body, why) => {
    await refuses(freeze, source(body), why);
  });

  test.each([
    [
      "a default of the class",
      `session.<|>add(Log(text="x"))\nsession.commit()`,
      /Log\.at gets a value from the class/,
    ],
    [
      "an onupdate of the class",
      `session.<|>query(Log).update({"text": "x"})`,
      /Log\.seen gets a value from the class/,
    ],
    ["a mapping of its own", `session.<|>query(Special).delete()`, /Special has a mapping of its own/],
  ])("%s", async (_, body, why) => {
    await refuses(freeze, source(body, "from app.models import Log, Special"), why);
  });

  test("a class that cannot be read", async () => {
    await refuses(
      freeze,
      source(`session.<|>query(User).delete()`, "from elsewhere.models import User"),
      "elsewhere.models.User could not be read where it is defined, so its table and columns are not known.",
    );
  });
});

test("has nothing to do with a model of the revision's own, or with the application's functions", async () => {
  await ignores(freeze, source(`session.<|>query(Own).delete()`, `class Own(Base):\n    __tablename__ = "users"`));
  await ignores(freeze, source(`<|>recalculate(op.get_bind())`, "from app.services import recalculate"));
});
