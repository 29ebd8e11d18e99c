import { describe, expect, test } from "vitest";
import { check } from "../../server/src/rules/check.ts";
import { mixedSchemaAndData } from "../../server/src/rules/mixed-schema-and-data.ts";
import { unusedSuppression as rule } from "../../server/src/rules/unused-suppression.ts";
import { defaultSettings, mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, findsIn, fixes, flags } from "../support/cases.ts";
import { openFixture } from "../support/project.ts";

const mixed = `op.drop_column("users", "name")
op.execute("UPDATE users SET full_name = 'x'")
`;

describe("finds", () => {
  test("a comment about a rule that finds nothing there", () =>
    flags(
      rule,
      `
# retort: allow mixed-schema-and-data because it is small
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: This comment allows "mixed-schema-and-data", which finds nothing here.
op.execute("SELECT 1")
`,
    ));

  test("each of several rules by itself, and names that mean nothing", async () => {
    const found = await findsIn(
      rule,
      `op.drop_column("users", "name")
# retort: allow mixed-schema-and-data, mixed-schema-and-date because it is small
op.execute("UPDATE users SET full_name = 'x'")
`,
    );
    expect(found.map((line) => line.replace(/^.*» /, ""))).toEqual([
      'There is no rule "mixed-schema-and-date"; did you mean "mixed-schema-and-data"?',
    ]);
  });

  test("a comment for the whole file, and one at a statement beside the one that is found", async () => {
    const whole = `-- versions/0001_x.py --
# retort: allow mixed-schema-and-data because it is small
revision = "0001"
down_revision = None
from alembic import op
def upgrade():
    op.execute("SELECT 1")
`;
    expect(await findsIn(rule, whole)).toHaveLength(1);
    expect(await findsIn(rule, `# retort: allow mixed-schema-and-data because it is small\n${mixed}`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test("comments that allow something, at the statement or for the file", async () => {
    await allows(rule, mixed.replace("op.execute", "# retort: allow mixed-schema-and-data because small\nop.execute"));
    await allows(
      rule,
      `-- versions/0001_x.py --
# retort: allow mixed-schema-and-data because it is small
revision = "0001"
down_revision = None
from alembic import op
def upgrade():
    op.drop_column("users", "name")
    op.execute("UPDATE users SET full_name = 'x'")
`,
    );
  });

  test("rules that are off, for this file or for all, and rules that were not asked", async () => {
    const source = "# retort: allow mixed-schema-and-data because it is small\nop.execute('SELECT 1')\n";
    const off = { "mixed-schema-and-data": { severity: "off" } } as const;
    await allows(rule, source, { settings: mergeSettings([{ rules: off }]) });
    const here = { overrides: [{ paths: ["versions/*"], rules: off }] };
    await allows(rule, source, { settings: mergeSettings([here]) });
    const { project } = await openFixture(source);
    expect(check(project, defaultSettings, [rule]).findings).toEqual([]);
    expect(check(project, defaultSettings, [rule, mixedSchemaAndData]).findings).toHaveLength(1);
  });

  test("a rule that broke", async () => {
    const { project } = await openFixture(
      "# retort: allow mixed-schema-and-data because it is small\nop.execute('SELECT 1')\n",
    );
    const broken = {
      ...mixedSchemaAndData,
      detect: () => {
        throw new Error("broken");
      },
    };
    const { findings, failures } = check(project, defaultSettings, [rule, broken]);
    expect([findings, failures.length]).toEqual([[], 1]);
  });

  test("files that cannot be read to the end, and those that are ignored", async () => {
    const source = "# retort: allow mixed-schema-and-data because it is small\nop.execute('SELECT 1')\n";
    await allows(rule, `${source}op.execute(\n`, { broken: true });
    await allows(rule, source, { settings: mergeSettings([{ ignore: ["versions/**"] }]) });
  });

  test("itself, where a comment allows it", () =>
    allows(
      rule,
      `# retort: allow unused-suppression because the next statement comes back
# retort: allow mixed-schema-and-data because it was large once
op.execute("SELECT 1")
`,
    ));
});

describe("repairs", () => {
  test("a comment on its own line by taking the line away, and one behind code by leaving the code", async () => {
    await fixes(
      rule,
      `# retort: allow mixed-schema-and-data because it is small
op.execute("SELECT 1")  # retort: allow mixed-schema-and-date because it is small
`,
      'op.execute("SELECT 1")',
    );
  });

  test("a comment about several rules by taking out the one", async () => {
    await fixes(
      rule,
      `op.drop_column("users", "name")
# retort: allow mixed-schema-and-data, mixed-schema-and-date because it is small
op.execute("UPDATE users SET full_name = 'x'")
`,
      `op.drop_column("users", "name")
# retort: allow mixed-schema-and-data because it is small
op.execute("UPDATE users SET full_name = 'x'")
`,
    );
  });
});
