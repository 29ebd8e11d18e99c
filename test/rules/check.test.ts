import { expect, test } from "vitest";
import { check } from "../../server/src/rules/check.ts";
import { defineRule, option } from "../../server/src/rules/define.ts";
import { mergeSettings, type GivenSettings } from "../../server/src/settings/settings.ts";
import { renderStatistics } from "../../server/src/project/statistics.ts";
import { openFixture, relative } from "../support/project.ts";
import { statistics } from "../support/statistics.ts";

const named = defineRule({
  id: "named-upgrade",
  group: "correctness",
  severity: "warning",
  recommended: true,
  summary: "",
  why: "",
  instead: "",
  sources: [],
  examples: [],
  options: { shout: option.boolean({ default: false, description: "" }) },
  *detect({ upgrade }, { shout }) {
    if (upgrade.nameRange !== undefined) yield { at: upgrade.nameRange, shout };
  },
  message: ({ shout }) => (shout ? "HERE" : "here"),
});

const broken = defineRule({
  ...named,
  id: "broken-rule",
  detect: () => {
    throw new Error("a defect");
  },
});
const quiet = defineRule({ ...named, id: "quiet-rule", recommended: false });
const foreign = defineRule({ ...named, id: "foreign-rule", dialects: ["mysql"] });
const all = [broken, foreign, named, quiet];

const source = `-- versions/0001_a.py --
pass
-- versions/0002_b.py --
pass
-- versions/_support.py --
def is_here():
    return True
`;

async function found(given: GivenSettings = {}): Promise<readonly string[]> {
  const { project } = await openFixture(source);
  return check(project, mergeSettings([given]), all).findings.map(
    ({ path, rule, severity, message }) => `${relative(path)} ${severity} ${rule}: ${message}`,
  );
}

test("every revision is checked by every rule that is on for its dialect, and helper modules are not", async () => {
  expect(await found()).toEqual([
    "versions/0001_a.py warning named-upgrade: here",
    "versions/0002_b.py warning named-upgrade: here",
  ]);
});

test("a rule that throws is reported, and the others go on", async () => {
  const { project } = await openFixture(source);
  const { findings, failures } = check(project, mergeSettings([]), all);
  expect(failures.map(({ rule, path }) => `${rule} ${relative(path)}`)).toEqual([
    "broken-rule versions/0001_a.py",
    "broken-rule versions/0002_b.py",
  ]);
  expect(findings).toHaveLength(2);
});

test("settings turn rules off and on, and set severity and options", async () => {
  expect(await found({ rules: { "named-upgrade": { severity: "off" } } })).toEqual([]);
  expect(await found({ preset: "off" })).toEqual([]);
  expect(await found({ preset: "strict" })).toHaveLength(4);
  expect(
    await found({ preset: "off", rules: { "quiet-rule": { severity: "error", options: { shout: true } } } }),
  ).toEqual(["versions/0001_a.py error quiet-rule: HERE", "versions/0002_b.py error quiet-rule: HERE"]);
});

test("ignored files are not checked", async () => {
  expect(await found({ ignore: ["versions/0001*"] })).toEqual(["versions/0002_b.py warning named-upgrade: here"]);
});

test("a finding carries what the adapters need", async () => {
  const { project } = await openFixture(source);
  const [finding] = check(project, mergeSettings([]), [named]).findings;
  expect(finding).toMatchObject({ rule: "named-upgrade", revision: "0001", related: [], refactorings: [] });
});

test("where the harm grows with the table, a finding says how large it is", async () => {
  const onDrops = defineRule({
    ...named,
    id: "every-operation",
    group: "locking",
    *detect({ upgrade }) {
      for (const { nameRange } of upgrade.operations) yield { at: nameRange, shout: false };
    },
  });
  const { project } = await openFixture(`-- retort.stats.json --
${renderStatistics(statistics)}
-- versions/0001_a.py --
op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
op.drop_column("users", "email")
`);
  const messages = (rule: typeof onDrops) =>
    check(project, mergeSettings([]), [rule]).findings.map(({ message }) => message);
  expect(messages(onDrops)).toEqual(["here", "here At stake: users: 12.4 million rows, 3.1 GB (of 2026-11-20)."]);
  expect(messages({ ...onDrops, group: "correctness" })).toEqual(["here", "here"]);
});
