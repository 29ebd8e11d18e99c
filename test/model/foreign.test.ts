import { describe, expect, test } from "vitest";
import { read, upgradeOf } from "./reading.ts";

const whys = (body: string, before: string): readonly (string | undefined)[] =>
  upgradeOf(body, before)
    .operations.filter(({ confidence }) => confidence === "opaque")
    .map(({ why }) => why);

describe("code from outside the file", () => {
  test.each([
    ["with a connection", "migrate(op.get_bind())", "from app.fixes import migrate"],
    ["with op", "app.fixes.migrate(op)", "import app.fixes"],
    [
      "with a session, its result used",
      "count = migrate(Session(bind=op.get_bind()))",
      "from app import migrate\nfrom sqlalchemy.orm import Session",
    ],
    ["with a list of handles", "migrate([op.get_bind()])", "from app import migrate"],
    ["called for its effect", "migrate()", "from app import migrate"],
    ["a class that holds a connection", "Fix(op.get_bind()).run()", "from app import Fix"],
    ["a class run for its effect", "Fix().run()", "from app import Fix"],
    ["in a helper of the file", "run(op.get_bind())", "from app import migrate\ndef run(bind):\n    migrate(bind)\n"],
    ["a module found at run time", `import_module("a1b2_other").upgrade()`, "from importlib import import_module"],
    ["as a context manager with op", "with disable(op):\n    pass", "from app import disable"],
  ])("is opaque: %s", (_, body, before) => {
    const opaque = upgradeOf(body, before).operations.filter(({ confidence }) => confidence === "opaque");
    expect(opaque).toHaveLength(1);
    expect(opaque[0]).toMatchObject({ kind: "opaque", effect: "unknown", touches: [] });
    expect(opaque[0]?.why).toMatch(/\w/);
  });

  test.each([
    ["a column type", `op.add_column("t", sa.Column("x", GUID()))`, "from app.types import GUID"],
    ["a value", "limit = batch_size()", "from app import batch_size"],
    ["a method of a value", "params = load()\nparams.pop(1)", "from app import load"],
    ["a logger", "logger.info(op.get_bind())", "from app import logger"],
    [
      "Python's library",
      `print(json.dumps({}), datetime.now(), uuid4(), os.environ["X"])\nlogging.getLogger("x").info("y")\ntime.sleep(1)`,
      "import json, os, logging, time\nfrom datetime import datetime\nfrom uuid import uuid4",
    ],
    [
      "a list, looked up with what a module found at run time says",
      `found = {}\nfound[import_module("app.settings").KEY].append(1)`,
      "from importlib import import_module",
    ],
    ["SQLAlchemy", `sa.event.listen(op.get_bind(), "x", print)\nsa.MetaData().clear()`, ""],
  ])("is none of this: %s", (_, body, before) => {
    expect(whys(body, before)).toEqual([]);
  });
});

test("statements that touch the database are counted, and how many of them were understood", () => {
  const file = read(`from alembic import op
from app import migrate
revision = "a"
def upgrade():
    op.drop_table("t")
    print("x")
    migrate(op)
def downgrade():
    op.execute("DELETE FROM t")
`);
  expect(file.statements).toEqual({ total: 3, analysed: 2 });
});
