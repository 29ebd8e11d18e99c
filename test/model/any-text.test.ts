import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Direction, RevisionFile } from "../../server/src/model/revision.ts";
import { allStatements, read, revisionWith } from "./reading.ts";

const sample = revisionWith(
  `
# a comment
op.add_column("users", sa.Column("full_name", sa.String(200)))

connection = op.get_bind()  # behind
for table in ("a", 'b'):
    connection.execute(
        sa.text(f"""
            UPDATE {table} SET full_name = 'x'
        """)
    )
    # at the end of the block
if connection.dialect.name == "sqlite":
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_column("first_name"); batch_op.drop_column("last_name")
else:
    op.drop_column("users", "first_name")
try: helper(1)
except ValueError as error: raise
# the last word`,
  `def helper(x, *args, **kwargs):\n    return [op.execute(f"DELETE FROM t WHERE id = {x}") for x in range(3)]\n`,
);

const holds = (file: RevisionFile): void => {
  const { text } = file;
  const inside = ({ start, end }: { start: number; end: number }): boolean =>
    0 <= start && start <= end && end <= text.length;
  if (file.module.length > 0)
    expect(file.module.map(({ lines }) => text.slice(lines.start, lines.end)).join("")).toBe(text);
  for (const direction of [...file.upgrades, ...file.downgrades]) holdsForDirection(direction, text, inside);
  expect(file.problems.every(({ range }) => inside(range))).toBe(true);
  expect(file.statements.analysed).toBeLessThanOrEqual(file.statements.total);
};

function holdsForDirection(
  direction: Direction,
  text: string,
  inside: (range: { start: number; end: number }) => boolean,
): void {
  const { statements, operations, body } = direction;
  if (body && statements.length > 0) {
    expect(statements.map(({ lines }) => text.slice(lines.start, lines.end)).join("")).toBe(
      text.slice(body.start, body.end),
    );
  }
  expect(operations.every(({ range, nameRange }) => inside(range) && inside(nameRange))).toBe(true);
  expect(operations.every(({ statement }) => statement < statements.length)).toBe(true);
  for (const statement of allStatements(statements)) {
    expect(inside(statement.range) && inside(statement.lines)).toBe(true);
    expect(statement.operations.every((index) => index < operations.length)).toBe(true);
  }
}

test("the sample is read in full", () => {
  const file = read(sample);
  holds(file);
  expect(file.problems).toEqual([]);
  expect(file.upgrades[0]?.operations.length).toBeGreaterThan(6);
});

test("any prefix of a file is read", () => {
  for (let end = 0; end <= sample.length; end += 7) holds(read(sample.slice(0, end)));
});

test("any file with a part cut out is read", () => {
  fc.assert(
    fc.property(fc.nat(sample.length), fc.nat(60), (at, length) => {
      holds(read(sample.slice(0, at) + sample.slice(at + length)));
    }),
    { numRuns: 60 },
  );
});

test("any file with something put in is read", () => {
  const pieces = fc.constantFrom(
    "(",
    ")",
    '"""',
    "'",
    "\\",
    "{",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "def ",
    "class",
    "@",
    ":",
    "\0",
    "\u2028",
    "😀",
    "\uFEFF",
    "#",
    "%s",
    "lambda",
  );
  fc.assert(
    fc.property(fc.nat(sample.length), fc.array(pieces, { maxLength: 4 }), (at, inserted) => {
      holds(read(sample.slice(0, at) + inserted.join("") + sample.slice(at)));
    }),
    { numRuns: 60 },
  );
});

test("any text is read", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      holds(read(text));
    }),
    { numRuns: 60 },
  );
});

test("the same text with Windows line ends gives the same operations", () => {
  const kinds = (text: string): readonly string[] => read(text).upgrades[0]?.operations.map(({ kind }) => kind) ?? [];
  const windows = sample.replaceAll("\n", "\r\n");
  holds(read(windows));
  expect(kinds(windows)).toEqual(kinds(sample));
  const mixed = sample.replace(/\n/g, (newline, at: number) => (at % 2 === 0 ? "\r\n" : newline));
  expect(kinds(mixed)).toEqual(kinds(sample));
});

test("tabs indent", () => {
  const tabs = sample.replaceAll("    ", "\t");
  holds(read(tabs));
  expect(read(tabs).upgrades[0]?.operations.length).toBe(read(sample).upgrades[0]?.operations.length);
});

describe("sizes", () => {
  test("a file of 5 MB is asked for its identifiers only", () => {
    const file = read(
      `revision = "a"\ndown_revision = "b"\n\ndef upgrade():\n${'    op.execute("DELETE FROM t")\n'.repeat(180_000)}`,
    );
    expect(file.problems.map(({ code }) => code)).toContain("too-large");
    expect(file.identifiers.revision?.value).toBe("a");
    expect(file.upgrades[0]?.form).toBe("absent");
  });

  test("deep nesting ends", () => {
    holds(read(`revision = "a"\ndef upgrade():\n    x = ${"(".repeat(20_000)}1${")".repeat(20_000)}\n`));
    holds(read(`revision = "a"\ndef upgrade():\n    x = ${"[".repeat(5_000)}\n`));
    holds(read(`revision = "a"\ndef upgrade():\n    x = ${"a.b().".repeat(3_000)}c\n`));
    holds(read(`revision = "a"\ndef upgrade():\n    x = ${"1 + ".repeat(20_000)}1\n`));
    holds(read(`revision = "a"\ndef upgrade():\n    x = ${"not ".repeat(20_000)}1\n`));
  });

  test("what is too much to follow is said", () => {
    const file = read(
      `from alembic import op\nrevision = "a"\ndef f(n):\n    pass\n${"x = list(range(60))\n"}def upgrade():\n` +
        `    for a in x:\n        for b in x:\n            for c in x:\n                for d in x:\n                    op.drop_table(str(d))\n`,
    );
    const operations = file.upgrades[0]?.operations ?? [];
    expect(operations.at(-1)?.confidence).toBe("opaque");
    expect(file.statements.analysed).toBeLessThan(file.statements.total);
  });
});
