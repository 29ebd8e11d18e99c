/** Files that are typed, character by character, through the store: nothing flickers outside of what is typed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Operation, RevisionFile } from "../../server/src/model/revision.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { checkFile, type Finding } from "../../server/src/rules/check.ts";
import { mixedSchemaAndData } from "../../server/src/rules/mixed-schema-and-data.ts";
import { defaultSettings, type Settings } from "../../server/src/settings/settings.ts";
import type { Range } from "../../server/src/text/range.ts";
import { memoryFiles, memoryLog } from "../support/memory.ts";

const path = "/w/m/versions/b.py";
const settings: Settings = {
  ...defaultSettings,
  rules: { "mixed-schema-and-data": { severity: "warning", options: { downgrade: true } } },
};

async function open(text: string) {
  const files = memoryFiles({
    "/w/alembic.ini": "[alembic]\nscript_location = m\nsqlalchemy.url = postgresql://h/d\n",
    "/w/m/env.py": "from alembic import context\n",
    "/w/m/versions/a.py": 'revision = "a"\ndown_revision = None\n',
    [path]: text,
  });
  const log = memoryLog();
  const store = new ProjectStore(files, log);
  await store.open(["/w"]);
  await store.update(path, text);
  return {
    log,
    async type(
      next: string | undefined,
    ): Promise<{ readonly file: RevisionFile; readonly findings: readonly Finding[] }> {
      await store.update(path, next);
      const [project] = store.snapshot().projects;
      const file = project?.files.get(path);
      if (!project || !file) throw new Error("the file is lost");
      return { file, findings: checkFile(project, file, settings, [mixedSchemaAndData]).findings };
    },
  };
}

const schema = [
  'op.drop_column("users", "a")',
  'op.add_column("users", sa.Column("b", sa.Integer()))',
  "op.drop_table('t')",
];
const data = [
  'op.execute("UPDATE users SET a = 1")',
  'op.execute(\n        """\n        DELETE FROM users\n        WHERE a = \'(\'\n        """\n    )',
  'for name in ["a", "b"]:\n        op.execute(f"UPDATE {name} SET x = 1")',
  'op.get_bind().execute(sa.text("DELETE FROM u"))',
];
const body = fc
  .tuple(
    fc.constantFrom(...schema),
    fc.constantFrom(...data),
    fc.array(fc.constantFrom(...schema, ...data, '"""Docs."""', "# it's ("), { maxLength: 2 }),
  )
  .map(([one, two, more]) => [...more, one, two].map((statement) => `    ${statement}\n`));

interface Migration {
  readonly upgrade: readonly string[];
  readonly downgrade: readonly string[];
}

const migration: fc.Arbitrary<Migration> = fc.record({ upgrade: body, downgrade: body });

const head = `"""Message

Revision ID: b
Revises: a
"""
from alembic import op
import sqlalchemy as sa

revision = "b"
down_revision = "a"
branch_labels = None

NAMES = ["x", "y"]


`;
const write = ({ upgrade, downgrade }: Migration): string =>
  `${head}def upgrade() -> None:\n${upgrade.join("")}\n\ndef downgrade():\n${downgrade.join("")}`;

const inBody = [
  'op.add_column("users", sa.Column("nick", sa.String(), server_default="it\'s"))',
  'op.execute("""\n        UPDATE users\n        SET nick = \'x\'\n    """)',
  'if context.is_offline_mode():\n        op.drop_table("t")\n    else:\n        op.drop_table("u")',
  'with op.batch_alter_table("x") as batch_op:\n        batch_op.drop_column("c")',
  'x = {"a": [1, (2, 3)]}',
  'def inner(a, b=")"):\n        return a',
  "# (odd 'quotes\" [here",
  'try:\n        op.drop_table("t")\n    except Exception:\n        raise',
];
const outside = [
  'TABLES = [\n    "a",\n    ("b", \'c\'),\n]\n',
  'def helper(x, y=None):\n    """Helps."""\n    return {"a": x}\n\n\n',
  "class Old(Exception):\n    '''Text.'''\n\n    x = 1\n\n\n",
  '@wraps(\n    "f"\n)\ndef wrapped(): pass\n',
  "from x import (\n    y,\n    z,\n)\n",
  '"""\nSome text (with op.drop_table("x")\n"""\n',
];

interface Typed {
  readonly text: string;
  readonly at: number;
  readonly typed: string;
  /** Which function is typed in. */
  readonly within?: "upgrade" | "downgrade";
}

const typing: fc.Arbitrary<Typed> = fc
  .tuple(migration, fc.constantFrom("upgrade", "downgrade", "outside"), fc.nat(), fc.nat())
  .map(([made, where, pick, line]) => {
    const text = write(made);
    if (where === "outside") {
      const places = [head.length, text.indexOf("def downgrade"), text.length];
      return withLine(text, places[line % places.length] ?? 0, outside[pick % outside.length] ?? "");
    }
    const direction = where as "upgrade" | "downgrade";
    const statements = made[direction];
    const start = text.indexOf(statements.join(""), text.indexOf(`def ${direction}`));
    const before = statements.slice(0, line % (statements.length + 1)).join("");
    const typed = `    ${inBody[pick % inBody.length] ?? ""}`;
    return { ...withLine(text, start + before.length, typed), within: direction };
  });

/** The line that is typed in is there before. */
const withLine = (text: string, at: number, typed: string): Typed => ({
  text: `${text.slice(0, at)}\n${text.slice(at)}`,
  at,
  typed,
});

const showFinding = ({ rule, message, range, related }: Finding, move: (place: Range) => Range): string =>
  JSON.stringify([rule, message, move(range), related.map((one) => [one.message, move(one.range)])]);
const showOperation = (operation: Operation, move: (place: Range) => Range): string =>
  JSON.stringify([operation.kind, operation.table?.name, operation.confidence, move(operation.nameRange)]);

const same = (place: Range): Range => ({ start: place.start, end: place.end });
const movedBy =
  (at: number, length: number) =>
  ({ start, end }: Range): Range =>
    start >= at ? { start: start + length, end: end + length } : { start, end };

describe("while a statement is typed", () => {
  test("what is found in other functions stays, character by character", async () => {
    await fc.assert(
      fc.asyncProperty(typing, async ({ text, at, typed, within }) => {
        const editor = await open(text);
        const before = await editor.type(text);
        expect(before.findings.length).toBe(2);
        for (let length = 1; length <= typed.length; length++) {
          const now = text.slice(0, at) + typed.slice(0, length) + text.slice(at);
          const { file, findings } = await editor.type(now);
          const move = movedBy(at, length);
          for (const name of ["upgrade", "downgrade"] as const) {
            if (name === within) continue;
            const own = (findingsOf: readonly Finding[], of: RevisionFile): readonly Finding[] =>
              findingsOf.filter(({ range }) => contains(of[`${name}s`][0]?.body, range));
            expect(own(findings, file).map((one) => showFinding(one, same))).toEqual(
              own(before.findings, before.file).map((one) => showFinding(one, move)),
            );
          }
        }
        expect(editor.log.lines.filter((line) => line.startsWith("error"))).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  test("what is done above it stays where it is, what is done below it moves along, and no place is made up", async () => {
    await fc.assert(
      fc.asyncProperty(typing, async ({ text, at, typed }) => {
        const editor = await open(text);
        const before = await editor.type(text);
        for (let length = 1; length <= typed.length; length++) {
          const now = text.slice(0, at) + typed.slice(0, length) + text.slice(at);
          const { file } = await editor.type(now);
          if (!file.stale) continue;
          // What is typed may have been Python a moment ago.
          const others = operationsOf(file).filter(
            ({ nameRange }) => nameRange.end <= at || nameRange.start >= at + length,
          );
          expect(others.map((one) => showOperation(one, same))).toEqual(
            operationsOf(before.file).map((one) => showOperation(one, movedBy(at, length))),
          );
          expect(namesOf(others, now)).toEqual(namesOf(operationsOf(before.file), text));
          expect(file.problems.some(({ code }) => code === "syntax")).toBe(true);
        }
        const whole = text.slice(0, at) + typed + text.slice(at);
        expect((await editor.type(whole)).file).toEqual((await (await open(whole)).type(whole)).file);
      }),
      { numRuns: 12 },
    );
  });

  test("deleting it again, from its end or its beginning, ends where it began", async () => {
    await fc.assert(
      fc.asyncProperty(typing, fc.boolean(), async ({ text, at, typed }, fromEnd) => {
        const whole = text.slice(0, at) + typed + text.slice(at);
        const editor = await open(whole);
        for (let left = typed.length - 1; left >= 0; left--) {
          const rest = fromEnd ? typed.slice(0, left) : typed.slice(typed.length - left);
          const { file } = await editor.type(text.slice(0, at) + rest + text.slice(at));
          const inside = ({ start, end }: Range): boolean => 0 <= start && start <= end && end <= file.text.length;
          expect(operationsOf(file).every(({ range, nameRange }) => inside(range) && inside(nameRange))).toBe(true);
        }
        expect((await editor.type(text)).file).toEqual((await (await open(text)).type(text)).file);
      }),
      { numRuns: 8 },
    );
  });
});

test("while a file is typed from its beginning, no finding of a function that is done is lost", async () => {
  await fc.assert(
    fc.asyncProperty(migration, async (made) => {
      const text = write(made);
      const editor = await open("");
      const done = text.indexOf("def downgrade");
      let expected: readonly string[] | undefined;
      for (let end = 1; end <= text.length; end++) {
        const { findings } = await editor.type(text.slice(0, end));
        const above = findings.filter(({ range }) => range.end <= done).map((one) => showFinding(one, same));
        if (end === done) expected = above;
        if (expected) expect(above).toEqual(expected);
      }
      expect(expected?.length).toBe(1);
    }),
    { numRuns: 2 },
  );
});

const contains = (outer: Range | undefined, { start, end }: Range): boolean =>
  outer !== undefined && outer.start <= start && end <= outer.end;
const operationsOf = (file: RevisionFile): readonly Operation[] =>
  [...file.upgrades, ...file.downgrades].flatMap(({ operations }) => operations);
const namesOf = (operations: readonly Operation[], text: string): readonly string[] =>
  operations.map(({ nameRange }) => text.slice(nameRange.start, nameRange.end));
