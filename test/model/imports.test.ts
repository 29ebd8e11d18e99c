import { describe, expect, test } from "vitest";
import { readRevision } from "../../server/src/model/read.ts";
import type { RevisionFile } from "../../server/src/model/revision.ts";
import { newModules } from "../../server/src/syntax/modules.ts";
import { revisionWith, show } from "./reading.ts";

/** A revision at `/app/versions/x.py`, with other modules by the name they are asked for. */
function readWith(modules: Readonly<Record<string, string>>, text: string): RevisionFile {
  const find = (name: string) => {
    const found = modules[name];
    return found === undefined ? undefined : { path: `/app/${name}.py`, text: found };
  };
  return readRevision("/app/versions/x.py", text, { dialect: "postgresql", modules: newModules(find) });
}

/** The operations of an upgrade with this body, after these imports; every place must be in the file. */
function upgradeWith(modules: Readonly<Record<string, string>>, imports: string, body: string): readonly string[] {
  const text = revisionWith(body, imports);
  const [upgrade] = readWith(modules, text).upgrades;
  for (const { range, nameRange, context, calls } of upgrade?.operations ?? []) {
    for (const one of [range, nameRange, ...context.map((c) => c.range), ...calls.map((c) => c.range)]) {
      expect(one.start).toBeLessThanOrEqual(one.end);
      expect(one.end).toBeLessThanOrEqual(text.length);
    }
  }
  return (upgrade?.operations ?? []).map((one) =>
    one.confidence === "opaque" ? `opaque: ${one.why ?? ""}` : show(one),
  );
}

const util = `
from alembic import op
import sqlalchemy as sa
from app.names import TABLE, COLUMNS

def add_columns():
    for name in COLUMNS:
        op.add_column(TABLE, sa.Column(name, sa.Text()))

def run_sql(connection, statement):
    connection.execute(sa.text(statement))

def fill(session, table=TABLE):
    if session.bind.dialect.name == "sqlite":
        session.execute(f"DELETE FROM {table}")
    else:
        session.execute(f"UPDATE {table} SET a = 1")

def recurse(n):
    op.execute("SELECT 1")
    recurse(n - 1)

class Step:
    table = TABLE

    def __init__(self, name):
        self.name = name

    def run(self):
        return self.execute()

class Drop(Step):
    def run(self):
        return super().run()

    def execute(self):
        op.drop_column(self.table, self.name)

    @classmethod
    def of_all(cls, names):
        for name in names:
            cls(name).run()
`;
const names = `TABLE = "users"\nCOLUMNS = ["a", "b"]\n`;
const app = { "app.util": util, "app.names": names };

describe("modules of the project", () => {
  test.each([
    ["a constant", "from app.names import TABLE", `op.drop_table(TABLE)`, ["drop_table users"]],
    ["a constant in SQL", "from app.names import TABLE", 'op.execute(f"DELETE FROM {TABLE}")', ["delete users"]],
    ["SQL that is a constant", "from app import sql", "op.execute(sql.FILL)", ["update users(a)"]],
    ["all names of a module", "from app.names import *", "op.drop_table(TABLE)", ["drop_table users"]],
    ["an attribute of a module", "import app.names", "op.drop_table(app.names.TABLE)", ["drop_table users"]],
    ["a module by another name", "import app.names as n", "op.drop_table(n.TABLE)", ["drop_table users"]],
    ["a module of a package", "from app import names", "op.drop_table(names.TABLE)", ["drop_table users"]],
    ["what a module imports itself", "from app.util import TABLE", "op.drop_table(TABLE)", ["drop_table users"]],
    ["within the function", "", "from app.names import TABLE\nop.drop_table(TABLE)", ["drop_table users"]],
    [
      "a helper",
      "from app.util import add_columns",
      "add_columns()",
      [
        "add_column users(a) if loop(constant) via add_columns",
        "add_column users(b) if loop(constant) via add_columns",
      ],
    ],
    [
      "a helper that is handed a connection",
      "from app import util",
      'util.run_sql(op.get_bind(), "DELETE FROM t")',
      ["delete t via run_sql"],
    ],
    [
      "a helper that is handed a session, and a default of its own",
      "from app.util import fill\nfrom sqlalchemy.orm import Session",
      "fill(Session(bind=op.get_bind()))",
      ["delete users if dialect(sqlite) via fill", "update users(a) if not dialect(sqlite) via fill"],
    ],
    ["a class", "from app.util import Drop", 'Drop("a").run()', ["drop_column users(a) via run>run>execute"]],
    [
      "a method of a class",
      "from app.util import Drop",
      'Drop.of_all(["a", "b"])',
      [
        "drop_column users(a) if loop(constant) via of_all>run>run>execute",
        "drop_column users(b) if loop(constant) via of_all>run>run>execute",
      ],
    ],
    [
      "a module that is imported while the migration runs",
      "import importlib",
      'm = importlib.import_module("app.versions.2024-01-01_a")\nm.upgrade()',
      ["create_table t(id) via upgrade"],
    ],
    ["a module beside the revision", "from .beside import NAME", "op.drop_table(NAME)", ["drop_table near"]],
    ["a module in the folder above", "from ..above import NAME", "op.drop_table(NAME)", ["drop_table high"]],
    ["a helper that calls itself", "from app.util import recurse", "recurse(3)", ["select via recurse"]],
    [
      "a module that imports the one that imports it",
      "from app.circle import NAME",
      "op.drop_table(NAME)",
      ["drop_table round"],
    ],
    [
      "a function of this file that a helper calls",
      "from app.call import call_it\ndef mine():\n    op.drop_table('t')\n",
      "call_it(mine)",
      ["drop_table t via call_it>mine"],
    ],
  ])("%s", (_title, imports, body, operations) => {
    const modules = {
      ...app,
      "app.sql": 'FILL = "UPDATE users SET a = 1"\n',
      "app.versions.2024-01-01_a":
        'from alembic import op\nimport sqlalchemy as sa\ndef upgrade():\n    op.create_table("t", sa.Column("id", sa.Integer()))\n',
      "/app/versions/beside": 'NAME = "near"\n',
      "/app/above": 'NAME = "high"\n',
      "app.circle": 'from app.back import OTHER\nNAME = "round"\n',
      "app.back": "from app.circle import NAME\nOTHER = NAME\n",
      "app.call": "def call_it(f):\n    f()\n",
    };
    expect(upgradeWith(modules, imports, body)).toEqual(operations);
  });

  test("what is in none of them stays what it was", () => {
    expect(upgradeWith(app, "from app.util import gone", "gone(op.get_bind())")).toEqual([
      "opaque: gone() is not in this file and gets access to the database",
    ]);
    expect(upgradeWith(app, "from other import gone", "gone()")).toEqual(["opaque: gone() is not in this file"]);
  });

  test("a method of a base class that nobody knows is not passed over", () => {
    const steps = "from other import Base\nclass Step(Base):\n    def run(self):\n        super().run()\n";
    expect(upgradeWith({ "app.steps": steps }, "from app.steps import Step", "Step().run()")).toEqual([
      "opaque: run() is not in this file",
    ]);
  });

  test("places are of the call in this file, and say which file the helper is in", () => {
    const text = revisionWith('run_sql(op.get_bind(), "DELETE FROM t")\nadd_columns()', "from app.util import *");
    const [upgrade] = readWith(app, text).upgrades;
    const shown = upgrade?.operations.map(({ range, nameRange, calls, statement }) => [
      text.slice(range.start, range.end),
      text.slice(nameRange.start, nameRange.end),
      calls.map(({ path }) => path),
      statement,
    ]);
    expect(shown).toEqual([
      ["DELETE FROM t", "DELETE FROM t", ["/app/app.util.py"], 0],
      ["add_columns()", "add_columns", ["/app/app.util.py"], 1],
      ["add_columns()", "add_columns", ["/app/app.util.py"], 1],
    ]);
  });

  test("a file says which modules its reading asked for", () => {
    const file = readWith(app, revisionWith("add_columns()", "from app.util import add_columns\nimport app.unused"));
    expect(file.modules).toEqual(expect.arrayContaining(["app.util", "app.names"]));
    expect(file.modules).not.toContain("app.unused");
  });

  test("an upgrade() that is imported is read where it is imported", () => {
    const text = 'from app.first import upgrade\nrevision = "b"\ndown_revision = None\ndef downgrade():\n    pass\n';
    const first = 'from alembic import op\ndef upgrade():\n    op.drop_table("t")\n';
    const [upgrade] = readWith({ "app.first": first }, text).upgrades;
    expect(upgrade?.form).toBe("body");
    expect(upgrade?.operations.map(show)).toEqual(["drop_table t via upgrade"]);
    expect(upgrade?.operations.map(({ range }) => text.slice(range.start, range.end))).toEqual(["upgrade"]);
  });

  test("what one revision does to a module is lost on the others", () => {
    const modules = newModules((name) =>
      name === "app.list" ? { path: "/app/list.py", text: listModule } : undefined,
    );
    const text = revisionWith("op.drop_table(str(len(NAMES)))", "from app.list import NAMES, add\nadd('x')\n");
    const read = () =>
      readRevision("/x.py", text, { dialect: "postgresql", modules }).upgrades[0]?.operations.map(show);
    expect(read()).toEqual(read());
  });
});

const listModule = `NAMES = []
def add(name):
    global NAMES
    NAMES = NAMES + [name]
`;

describe("what a module makes up by __getattr__", () => {
  const types = `
import sqlalchemy as sa
from alembic import context
from lazy_object_proxy import Proxy

NAMES = ["Stamp", "Key"]

def _mysql_Stamp():
    from sqlalchemy.dialects import mysql
    return mysql.TIMESTAMP

def _sa_Stamp():
    class Stamp(sa.TIMESTAMP):
        def __init__(self, *args, timezone=True, **kwargs):
            super().__init__(*args, timezone=timezone, **kwargs)
    return Stamp

def _sa_Key():
    return make_key

def make_key(*, length=250):
    return sa.String(length=length)

def __getattr__(name):
    if name in NAMES:
        def load():
            dialect = context.get_bind().dialect.name
            module = globals()
            kind = module.get(f"_{dialect}_{name}", None) or module.get(f"_sa_{name}")
            value = module[name] = kind()
            return value
        return Proxy(load)
    if name == "Plain":
        return sa.Integer
    raise AttributeError(name)
`;
  const typesOf = (dialect: "postgresql" | "mysql"): readonly unknown[] => {
    const columns = ["Stamp", "Stamp()", "Stamp(timezone=False)", "Key()", "Key(length=9)", "Plain", "Other()"];
    const body = columns.map((type, i) => `op.add_column("t", sa.Column("c${String(i)}", ${type}))`).join("\n");
    const imports = "from app.types import Stamp, Key, Plain, Other";
    const find = (name: string) => (name === "app.types" ? { path: "/app/types.py", text: types } : undefined);
    const file = readRevision("/app/versions/x.py", revisionWith(body, imports), {
      dialect,
      modules: newModules(find),
    });
    return (file.upgrades[0]?.operations ?? []).map(({ details }) => {
      const type = details.definitions?.[0]?.sqlType;
      return type && [type.name, ...type.arguments].join(" ");
    });
  };

  test("is what it answers, on the dialect that is read for", () => {
    expect(typesOf("postgresql")).toEqual([
      "timestamp with time zone",
      "timestamp with time zone",
      "timestamp without time zone",
      "character varying 250",
      "character varying 9",
      "integer",
      undefined,
    ]);
    expect(typesOf("mysql").slice(0, 2)).toEqual(["TIMESTAMP", "TIMESTAMP"]);
  });

  test("comes after the modules of the package", () => {
    const modules = {
      app: "def __getattr__(name):\n    return 5\n",
      "app.names": 'TABLE = "users"\n',
    };
    expect(upgradeWith(modules, "import app.names", "op.drop_table(app.names.TABLE)")).toEqual(["drop_table users"]);
  });
});

test("code of another module that lies too deep is as code of a module that is not known", () => {
  const chain = Array.from({ length: 40 }, (_, i) => `def f${String(i)}():\n    return f${String(i + 1)}()\n`);
  const modules = { "app.settings": [...chain, "def f40():\n    return 5\n"].join("\n") };
  const text = revisionWith('size = f0()\nop.drop_table("t")', "from app.settings import f0");
  const [upgrade] = readWith(modules, text).upgrades;
  expect(upgrade?.unfinished).toBeFalsy();
  expect(upgrade?.operations.map(show)).toEqual(["drop_table t"]);
});

describe("code of another module", () => {
  const settings = `
from elsewhere import Base

class Service(Base):
    def __init__(self):
        self.set_ready()

def get_settings():
    return Service()

def migrate(connection):
    Service()
    return 1
`;
  const modules = { "app.settings": settings };

  test("that is asked for a value may do what it likes to itself", () => {
    expect(upgradeWith(modules, "from app.settings import get_settings", "size = get_settings().size")).toEqual([]);
  });

  test.each(["get_settings()", "migrate(op.get_bind())", "n = migrate(op.get_bind())"])(
    "that is called for its effect or given a connection is under suspicion: %s",
    (body) => {
      expect(upgradeWith(modules, "from app.settings import get_settings, migrate", body)).toEqual([
        "opaque: set_ready() is not in this file",
      ]);
    },
  );
});
