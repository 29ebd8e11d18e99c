import { describe, expect, test } from "vitest";
import { check, checkProject, settle } from "../../server/src/rules/check.ts";
import { at, defineRule, type Found } from "../../server/src/rules/define.ts";
import { repairsIn } from "../../server/src/rules/repair.ts";
import { defaultSettings, mergeSettings } from "../../server/src/settings/settings.ts";
import { fixes, leaves } from "../support/cases.ts";
import { openFixture, relative } from "../support/project.ts";

const blank = {
  group: "correctness",
  severity: "error",
  recommended: true,
  summary: "",
  why: "",
  instead: "",
  sources: [],
  examples: [],
  options: {},
} as const;

/** Finds everything that happens to an existing table. */
const general = defineRule({
  ...blank,
  id: "general",
  yieldsTo: ["special"],
  *detect({ judged }) {
    for (const one of judged)
      if (one.isOnExistingTable) yield { ...at(one), table: one.operation.table?.name ?? "", text: one.operation.kind };
  },
  message: ({ table, text }: Found & { table: string; text: string }) => `${text} on ${table}`,
  repair: {
    safety: "safe",
    title: ({ table }) => `Spare ${table}`,
    edits: ({ at: range, table }) => (table === "kept" ? undefined : [{ range, newText: "get_bind" }]),
  },
});

const special = defineRule({
  ...blank,
  id: "special",
  *detect({ judged }) {
    for (const one of judged) if (one.operation.kind === "drop_column") yield at(one);
  },
  message: () => "a column goes",
});

const whole = defineRule({
  ...blank,
  id: "whole",
  *inspect({ config, files }) {
    yield { at: { start: 0, end: 1 }, path: `${config.root}/env.py` };
    for (const path of files.keys()) yield { at: { start: 0, end: 1 }, path };
  },
  message: () => "the project",
});

const rules = [general, special];

async function said(source: string, settings = defaultSettings): Promise<readonly string[]> {
  const { project } = await openFixture(source);
  return check(project, settings, rules).findings.map(
    ({ rule, severity, message, related }) =>
      `${severity} ${rule}: ${[message, ...related.map((one) => one.message)].join(" + ")}`,
  );
}

describe("one cause gives one finding", () => {
  test("the more specific rule speaks, and the other is told beside it", async () => {
    expect(await said(`op.drop_column("users", "a")\nop.drop_index("ix", "users")\n`)).toEqual([
      "error special: a column goes + drop_column on users",
      "error general: drop_index on users",
    ]);
  });

  test("where the more specific rule is allowed, the other is silent as well", async () => {
    expect(await said(`# retort: allow special because it is known\nop.drop_column("users", "a")\n`)).toEqual([]);
  });

  test("where only the other is allowed, the more specific one speaks", async () => {
    expect(await said(`# retort: allow general because it is known\nop.drop_column("users", "a")\n`)).toEqual([
      "error special: a column goes + drop_column on users",
    ]);
  });

  test("what a loop does at one place is one finding", async () => {
    expect(await said(`for t in ("a", "b", "a"):\n    op.drop_index("ix", t)\n`)).toEqual([
      "error general: drop_index on a + drop_index on b",
    ]);
  });

  test("findings that yield to each other in a circle stay", async () => {
    const { project } = await openFixture(`op.drop_column("users", "a")\n`);
    const circle = [general, { ...special, yieldsTo: ["general"] }];
    expect(settle(check(project, defaultSettings, circle).findings, circle)).not.toEqual([]);
  });
});

describe("a downgrade", () => {
  const source = `-- versions/0001_a.py --
revision = "0001"
down_revision = None
from alembic import op
def upgrade():
    op.drop_index("ix", "users")
def downgrade():
    op.drop_index("ix2", "users")
`;
  test("is judged one severity milder", async () => {
    expect(await said(source)).toEqual(["error general: drop_index on users", "warning general: drop_index on users"]);
  });

  test("is judged as severely as a person has chosen", async () => {
    const chosen = mergeSettings([{ rules: { general: { severity: "warning" } } }]);
    expect(await said(source, chosen)).toEqual([
      "warning general: drop_index on users",
      "warning general: drop_index on users",
    ]);
  });
});

test("tables that the revision has made are not existing, at the moment of each operation", async () => {
  expect(
    await said(`op.drop_table("t")\nop.create_table("t", sa.Column("a"))\nop.create_index("ix", "t", ["a"])\n`),
  ).toEqual(["error general: drop_table on t"]);
});

test("what runs on another dialect only is not judged", async () => {
  const source = `if op.get_bind().dialect.name == "mysql":\n    op.drop_index("ix", "users")\n`;
  expect(await said(source)).toEqual([]);
});

test("a rule for the project finds things in any of its files, once", async () => {
  const { project } = await openFixture("pass\n");
  const { findings } = checkProject(project, defaultSettings, [whole]);
  expect(findings.map(({ path, revision }) => [relative(path), revision])).toEqual([
    ["env.py", undefined],
    ["versions/0001_case.py", "0001"],
  ]);
});

describe("repairs", () => {
  test("edit what was found", () => fixes(general, `op.drop_index("ix", "users")\n`, `op.get_bind("ix", "users")\n`));
  test("are not offered where they cannot be right", () => leaves(general, `op.drop_index("ix", "kept")\n`));
  test("are offered at the place only", async () => {
    const { project } = await openFixture(`op.drop_index("ix", "a")\nop.drop_index("ix", "b")\n`);
    const [file] = [...project.files.values()];
    const [, second] = check(project, defaultSettings, [general]).findings;
    expect(file && repairsIn(project, file, defaultSettings, second?.range, [general]).map((one) => one.title)).toEqual(
      ["Spare b"],
    );
  });
});
