import fc from "fast-check";
import { expect, test } from "vitest";
import { foldsIn } from "../../server/src/model/folds.ts";

/** First and last line of each fold of several lines, from 1, with its kind. */
const folds = (text: string): readonly string[] =>
  foldsIn(text)
    .map(({ start, end, kind }) => ({ first: lineAt(text, start), last: lineAt(text, end), kind }))
    .filter(({ first, last }) => last > first)
    .sort((a, b) => a.first - b.first || b.last - a.last)
    .map(({ first, last, kind }) => `${String(first)}-${String(last)}${kind === undefined ? "" : ` ${kind}`}`);

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

const revision = `"""message

Revision ID: 1
"""
from alembic import op
import sqlalchemy as sa

revision = "1"


def upgrade():
    op.create_table(
        "users",
        sa.Column("id"),
    )
    op.execute("""
UPDATE users
SET id = 1
""")
    if True:
        pass

    else:
        op.drop_table(
            "x"
        )


# region old
def downgrade():
    pass
# endregion
`;

test("docstring, imports, functions, blocks, statements and regions fold", () => {
  expect(folds(revision)).toEqual([
    "1-4 comment",
    "5-6 imports",
    "11-26",
    "12-15",
    "16-19",
    "20-21",
    "23-26",
    "24-26",
    "29-32 region",
    "30-31",
  ]);
});

test("what is half typed folds as far as it goes", () => {
  expect(folds('def upgrade():\n    op.drop_table("a")\n    op.execute((\n        "a"\n')).toEqual(["1-4", "3-4"]);
});

test("any text folds into places inside it that do not cross", () => {
  const piece = fc.constantFrom(
    "a",
    "def f():",
    "if x:",
    "(",
    ")",
    '"""',
    "'",
    "\n",
    "\n    ",
    "\n\t",
    "\r\n",
    "# region",
    "# endregion",
    "\\",
    "import a",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join("");
      const found = foldsIn(text).filter(({ kind }) => kind !== "region");
      for (const { start, end } of found) {
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }
      const crosses = found.some((a) => found.some((b) => a.start < b.start && b.start < a.end && a.end < b.end));
      expect(crosses).toBe(false);
    }),
    { numRuns: 300, examples: [[["import a", "\n", "import a", "\n    ", "a"]]] },
  );
});
