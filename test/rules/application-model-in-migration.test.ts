import { describe, expect, test } from "vitest";
import { applicationModelInMigration as rule } from "../../server/src/rules/application-model-in-migration.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("and names the model", () =>
    flags(
      rule,
      `from app.models import User\ns = sa.orm.Session(bind=op.get_bind())\n` +
        marked(
          `users = s.query(User).first()`,
          `first`,
          `warning: app.models.User is the application's model as it is today: when it changes, this revision breaks.`,
        ) +
        ``,
    ));
  test("code that is handed the connection", () =>
    flags(
      rule,
      `from app.services import recalculate\n` +
        marked(
          `recalculate(op.get_bind())`,
          `recalculate`,
          `warning: app.services.recalculate is the application's code and gets access to the database: when it changes, this revision does something else.`,
        ) +
        ``,
    ));
  test.each([
    ["a model's table", `from app.models import User\nop.get_bind().execute(User.__table__.select())`],
    ["select()", `from app.models import User\nop.get_bind().execute(sa.select(User)).all()`],
    ["columns of a model", `from app.models import User\nop.get_bind().execute(sa.select(User.id, User.name)).all()`],
    ["a query of columns", `from app.models import User\nsa.orm.Session(op.get_bind()).query(User.id).all()`],
    ["all tables", `from app.db import Base\nBase.metadata.create_all(op.get_bind())`],
    ["all tables of a metadata", `from app.db import metadata\nmetadata.drop_all(bind=op.get_bind())`],
    ["one table", `from app.models import User\nUser.__table__.create(op.get_bind(), checkfirst=True)`],
    [
      "some tables",
      `from app.models import Base, User\nBase.metadata.create_all(op.get_bind(), tables=[User.__table__])`,
    ],
    ["an object", `from app.models import User\ns = sa.orm.Session(bind=op.get_bind())\ns.add(User(name="x"))`],
    [
      "objects in a list",
      `from app.models import User\ns = sa.orm.Session(bind=op.get_bind())\ns.add_all([User(name="x"), User(name="y")])`,
    ],
    [
      "the same model twice, once",
      `from app.models import User\ns = sa.orm.Session(bind=op.get_bind())\ns.query(User).first()\ns.query(User).all()`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    [
      "a model of its own",
      `class User(Base):\n    __tablename__ = "users"\n\n\ndef upgrade():\n    sa.orm.Session(bind=op.get_bind()).query(User).all()`,
    ],
    [
      "a metadata of its own",
      `m = sa.MetaData()\nsa.Table("users", m, sa.Column("id", sa.Integer()))\nm.create_all(op.get_bind())`,
    ],
    ["an enum type of the application", `from app.enums import role\nrole.create(op.get_bind(), checkfirst=True)`],
    [
      "a constant of a class",
      `from app.enums import Role\nt = sa.table("users", sa.column("a"))\nop.execute(t.update().where(t.c.a == Role.user).values(a=Role.member))`,
    ],
    [
      "an enumeration that is written into SQL",
      `from app.enums import Status\nop.execute(f"UPDATE users SET a = 1 WHERE status IN ({Status.values()})")\nfor one in Status:\n    op.get_bind().execute(sa.text(f"UPDATE users SET a = 1 WHERE b = '{one.name}'"))`,
    ],
    [
      "a member that is called as a session is",
      `from app.db import IntEnum\nfrom app.links import LinkType\nop.add_column("users", sa.Column("a", IntEnum(LinkType, without={LinkType.event, LinkType.session})))`,
    ],
    [
      "a constant that is selected",
      `from app.config import LIMIT\nop.get_bind().execute(sa.select(sa.literal(LIMIT)))`,
    ],
    ["a type", `from app.types import Email\nop.add_column("users", sa.Column("a", Email()))`],
    [
      "an enumeration",
      `from app.enums import Role\nop.add_column("users", sa.Column("a", sa.Enum(Role, name="role")))`,
    ],
    [
      "a type of a column of a light table",
      `from app.types import Email\nt = sa.table("users", sa.column("a", Email), sa.column("b", Email()))\nop.bulk_insert(t, [{"a": "x"}])`,
    ],
    [
      "what a parameter is computed with",
      `from subprocess import Popen\nop.get_bind().execute(sa.text("UPDATE users SET a = :a"), {"a": Popen(["x"]).communicate()[0]})`,
    ],
    [
      "an object that is a value",
      `from app.types import Email\nt = sa.table("users", sa.column("a"))\nop.bulk_insert(t, [{"a": Email("x")}])`,
    ],
    ["a constant", `from app.settings import SCHEMA\nop.execute(f"CREATE SCHEMA {SCHEMA}")`],
    ["helpers of the migrations", `from app.alembic_utils import recalculate\nrecalculate(op.get_bind())`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));

  test.each([
    ["with the migrations", "models/frozen.py", false],
    ["of the application", "app/models.py", true],
  ])("or not: a model %s that could be read", async (_, path, isFound) => {
    const name = path.replace(".py", "").replace("/", ".");
    const found = await findsIn(
      rule,
      `-- ${isFound ? path : `migrations/${path}`} --
class User(Base):
    __tablename__ = "users"
-- alembic.ini --
[alembic]
script_location = %(here)s/migrations
path_separator = os
prepend_sys_path = .
-- migrations/env.py --
from alembic import context
-- migrations/versions/0001_a.py --
from alembic import op
import sqlalchemy as sa
from ${isFound ? name : `migrations.${name}`} import User
revision = "0001"
down_revision = None


def upgrade():
    sa.orm.Session(bind=op.get_bind()).query(User).first()
`,
    );
    expect(found).toHaveLength(isFound ? 1 : 0);
  });
});

test("finds a loop over a query of a model", async () => {
  const code = `from app.models import User\ns = sa.orm.Session(bind=op.get_bind())\nfor user in s.query(User):\n    print(user)\n`;
  expect(await findsIn(rule, code)).toHaveLength(1);
});
