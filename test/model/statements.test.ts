import { describe, expect, test } from "vitest";
import { allStatements, upgradeOf } from "./reading.ts";

const linesOf = (body: string): readonly string[] => {
  const { statements, text } = upgradeOf(body);
  return statements.map(({ lines }) => text.slice(lines.start, lines.end));
};

describe("lines", () => {
  test("a statement owns the comments above it, the comment behind it and the line end", () => {
    expect(
      linesOf(`
# first
a()  # behind

# second

# and more
b(
    1,
)
`),
    ).toEqual(["    # first\n    a()  # behind\n", "\n    # second\n\n    # and more\n    b(\n        1,\n    )\n"]);
  });

  test("statements that share a line are marked", () => {
    const { statements, text } = upgradeOf("a(); b()\nc()");
    expect(statements.map(({ lines, shared }) => [text.slice(lines.start, lines.end), shared])).toEqual([
      ["    a(); ", true],
      ["b()\n", true],
      ["    c()\n", false],
    ]);
  });

  test("comments at the end of a body belong to its last statement", () => {
    expect(linesOf("a()\n# the end")).toEqual(["    a()\n    # the end\n"]);
  });

  test("comments at the end of a block belong to the statement that holds it", () => {
    expect(linesOf("if x:\n    a()\n    # inside\n# outside\nb()")).toEqual([
      "    if x:\n        a()\n        # inside\n",
      "    # outside\n    b()\n",
    ]);
  });

  test("a one-line body is shared with its head", () => {
    const { statements } = upgradeOf("if x: a()");
    expect(statements[0]?.shared).toBe(false);
    expect(statements[0]?.compound?.blocks[0]?.statements[0]?.shared).toBe(true);
  });
});

describe("compound statements", () => {
  test("have blocks with heads", () => {
    const { statements, text } = upgradeOf(`
if a:
    one()
elif b:  # c: d
    two()
else:
    three()
for x in {"k": 1}:
    four()
try:
    five()
except (KeyError, ValueError) as error:
    six()
finally:
    seven()`);
    const heads = statements.map(({ compound }) =>
      compound?.blocks.map(({ head }) => text.slice(head.start, head.end)),
    );
    expect(heads).toEqual([
      ["if a:", "elif b:", "else:"],
      [`for x in {"k": 1}:`],
      ["try:", "except (KeyError, ValueError) as error:", "finally:"],
    ]);
  });

  test("know the operations in each of their statements", () => {
    const { statements } = upgradeOf(`
op.drop_table("a")
if flag:
    op.drop_table("b")
    op.drop_table("c")`);
    expect(statements.map((statement) => statement.operations)).toEqual([[0], [1, 2]]);
    expect(allStatements(statements).map((statement) => statement.operations)).toEqual([[0], [1, 2], [1], [2]]);
    expect(statements[1]?.compound?.context).toMatchObject({ kind: "branch", on: "other" });
  });
});

test("what a compound statement asks is not what a comprehension in its test walks over", () => {
  const { statements } = upgradeOf(`
if "x" not in [column["name"] for column in sa.inspect(op.get_bind()).get_columns("t")]:
    op.drop_table("t")`);
  expect(statements[0]?.compound?.context).toMatchObject({ kind: "branch", on: "existence" });
});

describe("names", () => {
  test.each([
    ["a = b.c(d=e)", ["a"], ["b", "e"]],
    ["a, (b, *c) = d", ["a", "b", "c"], ["d"]],
    ["a += b", ["a"], ["a", "b"]],
    ["a.b = c", [], ["a", "c"]],
    [`a["k"] = c`, ["a"], ["a", "c"]],
    ["a.append(b)", [], ["a", "b"]],
    ["a.update(b)", [], ["a", "b"]],
    ["for a in b:\n    c(a)", ["a"], ["b", "c"]],
    ["with a() as b:\n    b.c(d)", ["b"], ["a", "d"]],
    ["x = [a for a in b if a.c(d)]", ["x"], ["b", "d"]],
    ["x = {k: v for k, v in d.items()}", ["x"], ["d"]],
    ["f = lambda a, b=c: a + b + d", ["f"], ["c", "d"]],
    ["def f(a, b=c):\n    e = a + d\n    return e", ["f"], ["c", "d"]],
    ["import a.b as c, d.e", ["c", "d"], []],
    ["if a:\n    b = 1\nelse:\n    b = 2\n", ["b"], ["a"]],
    ["if a:\n    b = 1\nc(b)\n", ["b"], ["a"]],
    [`a = f"{b} {c:{d}}"`, ["a"], ["b", "c", "d"]],
    ["try:\n    a()\nexcept E as e:\n    b(e)", [], ["a", "E", "b"]],
    ["a: B = c", ["a"], ["B", "c"]],
    ["print(a, b=1)", [], ["print", "a"]],
  ])("%s", (body, binds, uses) => {
    const [statement] = upgradeOf(body).statements;
    expect([...(statement?.binds ?? [])].sort()).toEqual([...binds].sort());
    expect([...(statement?.uses ?? [])].sort()).toEqual([...uses].sort());
  });
});

test("a list or dictionary of this body that is changed in place counts as bound", () => {
  const { statements } = upgradeOf(`
a = []
a.append(1)
b = {}
b.update(c=2)
t = sa.table("t")
op.execute(t.update())
session.add(a)`);
  expect(statements.map(({ binds }) => binds)).toEqual([["a"], ["a"], ["b"], ["b"], ["t"], [], []]);
  expect(statements.slice(0, 5).map(({ purity }) => purity)).toEqual(["pure", "pure", "pure", "pure", "pure"]);
});

describe("purity", () => {
  const before = `
from uuid import uuid4
from datetime import datetime
from sqlalchemy.orm import Session, sessionmaker
from app import settings
`;
  test.each([
    ["conn = op.get_bind()", "pure"],
    ["meta = sa.MetaData()", "pure"],
    [`t = sa.table("t", sa.column("x"))`, "pure"],
    ["session = Session(bind=op.get_bind())", "pure"],
    ["session = sessionmaker(bind=op.get_bind())()", "pure"],
    ["dialect = op.get_bind().dialect.name", "pure"],
    [`names = ["a", "b"]`, "pure"],
    [`now = datetime(2024, 1, 1)`, "pure"],
    ["x = settings.LIMIT", "pure"],
    [`e = sa.Enum("a", name="e")`, "pure"],
    ["import json", "pure"],
    ["def f():\n    op.drop_table('t')", "pure"],
    ["if op.get_bind().dialect.name == 'sqlite':\n    x = 1\nelse:\n    x = 2", "pure"],
    [`rows = op.get_bind().execute(sa.text("SELECT 1 FROM t")).fetchall()`, "state"],
    ["inspector = sa.inspect(op.get_bind())", "state"],
    [`columns = sa.inspect(op.get_bind()).get_columns("t")`, "state"],
    [`t = op.create_table("t", sa.Column("x", sa.Integer()))`, "state"],
    [`t = sa.Table("t", sa.MetaData(), autoload_with=op.get_bind())`, "state"],
    ["x = uuid4()", "state"],
    ["x = datetime.now()", "state"],
    [`op.drop_table("t")`, "effect"],
    [`print("x")`, "effect"],
    [`if x:\n    op.drop_table("t")`, "effect"],
    ["return", "effect"],
    ["raise ValueError()", "effect"],
    ["settings.x = 1", "effect"],
  ])("%s is %s", (body, purity) => {
    expect(upgradeOf(body, before).statements[0]?.purity).toBe(purity);
  });

  test("what is made from state is state", () => {
    const { statements } = upgradeOf(
      `
rows = op.get_bind().execute(sa.text("SELECT id FROM t")).fetchall()
ids = [row.id for row in rows]
found = {}
for row in rows:
    found[row.id] = row
n = len(ids) + 1
session = Session(bind=op.get_bind())
session.commit()`,
      before,
    );
    expect(statements.map((statement) => statement.purity)).toEqual([
      "state",
      "state",
      "pure",
      "state",
      "state",
      "pure",
      "effect",
    ]);
  });
});
