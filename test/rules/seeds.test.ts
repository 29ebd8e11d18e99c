/**
 * Every code block of the five documents, wrong and recommended: what must be found in it and what must not, and what
 * the fixes that are offered make of it. Other rules may say more.
 */
import { describe, expect, test } from "vitest";
import { refactoringById } from "../../server/src/refactorings/offers.ts";
import { repairsIn } from "../../server/src/rules/repair.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { buildIndexConcurrently } from "../../server/src/refactorings/build-index-concurrently.ts";
import { splitMixedMigration } from "../../server/src/refactorings/split-mixed-migration.ts";
import { bareStringExecute } from "../../server/src/rules/bare-string-execute.ts";
import { check } from "../../server/src/rules/check.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { fixes, refactors, refuses } from "../support/cases.ts";
import { assertReads, openFixture, openTexts, relative, type FixtureOptions } from "../support/project.ts";
import { handling, patterns, routine, separate, testing, transform, users } from "./seeds/texts.ts";

/** `0002 unbatched-data-change`: the number of the file and the rule, once for each rule and file and direction. */
async function foundIn(source: string, options: FixtureOptions = {}): Promise<readonly string[]> {
  const { project } = await openFixture(source, options);
  const { findings, failures } = check(project, defaultSettings);
  expect(failures).toEqual([]);
  return findings.map(({ path, rule, direction }) => {
    const number = /^versions\/(\d+)/.exec(relative(path))?.[1] ?? relative(path);
    return `${number} ${rule}${direction === "downgrade" ? " (downgrade)" : ""}`;
  });
}

interface Expected {
  readonly must?: readonly string[];
  readonly mustNot?: readonly string[];
}

type Block = readonly [block: string, source: string, expected: Expected];

async function expectBlock(_: string, source: string, { must = [], mustNot = [] }: Expected): Promise<void> {
  const found = await foundIn(source);
  expect(found).toEqual(expect.arrayContaining([...must]));
  expect(found.filter((one) => mustNot.includes(one.replace(" (downgrade)", "")))).toEqual([]);
}

describe("Separate Schema Migrations from Data Migrations", () => {
  test.each<Block>([
    [
      "the wrong one mixes, in one transaction and one statement",
      separate.mixed,
      {
        must: ["0002 mixed-schema-and-data", "0002 unbatched-data-change"],
        mustNot: ["0002 update-without-where", "0002 bare-string-execute", "0002 invalid-sql"],
      },
    ],
    [
      "the recommended ones are apart; the backfill is still one statement",
      separate.apart,
      {
        must: ["0003 unbatched-data-change", "0003 unbatched-data-change (downgrade)"],
        mustNot: [
          "0002 mixed-schema-and-data",
          "0003 mixed-schema-and-data",
          "0004 mixed-schema-and-data",
          "0003 update-without-where",
          "0002 unbatched-data-change",
          "0002 python-default-on-column",
        ],
      },
    ],
  ])("%s", expectBlock);
});

const threeSteps = (number: string): Expected => ({
  must: [`${number} mixed-schema-and-data`, `${number} unbatched-data-change`, `${number} set-not-null-scan`],
  mustNot: [`${number} update-without-where`, `${number} required-column`, `${number} other-dialect-sql`],
});

describe("Data Migrations: Transform Data During Schema Changes", () => {
  test.each<Block>([
    [
      "the split of a name uses a function of MySQL's",
      transform.splitName,
      {
        must: [
          "0005 mixed-schema-and-data",
          "0005 other-dialect-sql",
          "0005 unbatched-data-change",
          "0005 unbatched-data-change (downgrade)",
          "0005 set-not-null-scan",
        ],
        mustNot: ["0005 update-without-where", "0005 invalid-sql"],
      },
    ],
    ["a year out of a date", transform.createdYear, threeSteps("0006")],
    ["a name copied from another table", transform.customerName, threeSteps("0007")],
    ["a CASE", transform.ageGroup, threeSteps("0008")],
    [
      "a score that Python computes",
      transform.score,
      {
        must: [
          "0009 mixed-schema-and-data",
          "0009 unbounded-fetch",
          "0009 row-by-row-change",
          "0009 offline-unsafe",
          "0009 set-not-null-scan",
        ],
        mustNot: [
          "0009 unbatched-data-change",
          "0009 update-without-where",
          "0009 interpolated-sql",
          "0009 bare-string-execute",
        ],
      },
    ],
    [
      "a batch that joins ids into the text",
      transform.batched,
      {
        must: [
          "0010 interpolated-sql",
          "0010 mixed-schema-and-data",
          "0010 offline-unsafe",
          "0010 batches-in-one-transaction",
        ],
        mustNot: ["0010 unbatched-data-change", "0010 unbounded-fetch", "0010 endless-batch", "0010 row-by-row-change"],
      },
    ],
    [
      "counts before and after",
      transform.checked,
      {
        must: ["0002 unbatched-data-change", "0002 offline-unsafe"],
        mustNot: [
          "0002 mixed-schema-and-data",
          "0002 unbounded-fetch",
          "0002 row-by-row-change",
          "0002 interpolated-sql",
        ],
      },
    ],
  ])("%s", expectBlock);

  test("on MySQL its function is right", async () => {
    const found = await foundIn(transform.splitName, { dialect: "mysql" });
    expect(found).toContain("0005 mixed-schema-and-data");
    expect(found).not.toContain("0005 other-dialect-sql");
  });
});

describe("Handling Data in Alembic Migrations When Schema Changes Aren't Enough", () => {
  test.each<Block>([
    [
      "step 1, a nullable column, which waits for its lock as long as it takes",
      handling.addPremium,
      { must: ["env.py missing-lock-timeout"], mustNot: ["0002 mixed-schema-and-data", "0002 required-column"] },
    ],
    [
      "the whole of it mixes; how many users it is about is not in the text",
      handling.premium,
      {
        must: ["0003 mixed-schema-and-data", "0003 set-not-null-scan"],
        mustNot: ["0003 unbatched-data-change", "0003 update-without-where", "0002 mixed-schema-and-data"],
      },
    ],
    [
      "a value of an enum renamed",
      handling.renameValue,
      { must: ["0002 enum-value-renamed"], mustNot: ["0002 mixed-schema-and-data", "0002 invalid-sql"] },
    ],
    [
      "the helper for enums puts only constants into its SQL",
      handling.enumHelper,
      {
        must: ["0002 mixed-schema-and-data", "0002 enum-value-removed"],
        mustNot: ["0002 interpolated-sql", "0002 unbatched-data-change"],
      },
    ],
    [
      "the same helper in the application changes under the revision",
      handling.enumImported,
      { must: ["0002 application-model-in-migration"], mustNot: ["0002 mixed-schema-and-data"] },
    ],
    [
      "fields of JSON become columns",
      handling.json,
      {
        must: ["0002 mixed-schema-and-data", "0002 unbatched-data-change"],
        mustNot: ["0002 invalid-sql", "0002 update-without-where"],
      },
    ],
    [
      "a condition that limits itself",
      handling.role,
      { mustNot: ["0002 unbatched-data-change", "0002 update-without-where", "0002 mixed-schema-and-data"] },
    ],
  ])("%s", expectBlock);
});

describe("Database Migration Patterns", () => {
  test.each<Block>([
    [
      "the template: a new table has nobody waiting",
      patterns.template,
      {
        mustNot: [
          "002 non-concurrent-index",
          "002 python-default-on-column",
          "002 mixed-schema-and-data",
          "002 required-column",
        ],
      },
    ],
    [
      "expand and contract: a bare string, and a LIMIT that PostgreSQL does not have",
      patterns.expand,
      {
        must: ["0003 bare-string-execute", "0003 other-dialect-sql", "0004 set-not-null-scan"],
        mustNot: [
          "0002 mixed-schema-and-data",
          "0003 mixed-schema-and-data",
          "0004 mixed-schema-and-data",
          "0003 invalid-sql",
        ],
      },
    ],
    ["the direct rename", patterns.directRename, { must: ["0002 renamed-column"] }],
    [
      "the rename by trigger mixes, and fills the table at once",
      patterns.rename,
      {
        must: ["0002 mixed-schema-and-data", "0002 unbatched-data-change"],
        mustNot: ["0002 renamed-column", "0003 mixed-schema-and-data", "0002 invalid-sql", "0002 update-without-where"],
      },
    ],
    [
      "an index built concurrently, in Alembic's transaction",
      patterns.index,
      { must: ["0002 concurrently-in-transaction"], mustNot: ["0002 non-concurrent-index", "0002 invalid-sql"] },
    ],
    ["a NOT NULL column in four steps", patterns.notNull, threeSteps("0002")],
    [
      "batches that never end where the old column is NULL",
      patterns.batches,
      {
        must: ["0002 endless-batch", "0002 commit-in-migration"],
        mustNot: ["0002 unbatched-data-change", "0002 update-without-where", "0002 interpolated-sql"],
      },
    ],
    [
      "the data migration of its own has the same fault",
      patterns.totals,
      {
        must: ["0003 endless-batch"],
        mustNot: ["0002 mixed-schema-and-data", "0003 mixed-schema-and-data", "0003 unbatched-data-change"],
      },
    ],
    [
      "a foreign key in steps, all of them in one revision",
      patterns.foreignKey,
      {
        must: [
          "0003 mixed-schema-and-data",
          "0003 unbatched-data-change",
          "0003 validated-in-same-transaction",
          "0003 foreign-key-without-index",
        ],
        mustNot: ["0003 validated-foreign-key", "0003 update-without-where", "0003 unenforced-constraint"],
      },
    ],
    ["an additive change and its way back", patterns.additive, { mustNot: ["0002 mixed-schema-and-data"] }],
    [
      "a table renamed instead of dropped",
      patterns.backup,
      { must: ["0002 renamed-table"], mustNot: ["0002 dropped-table"] },
    ],
  ])("%s", expectBlock);
});

describe("Schema changes are scary. Here's how to make them routine", () => {
  const addAndFill: Expected = {
    must: ["0002 mixed-schema-and-data", "0002 unbatched-data-change"],
    mustNot: ["0002 update-without-where", "0003 mixed-schema-and-data"],
  };
  test.each<Block>([
    ["a nullable column", routine.addColumn, { mustNot: ["0002 required-column", "0002 mixed-schema-and-data"] }],
    ["a column with a default in three steps", routine.withDefault, threeSteps("0002")],
    ["a rename in two", routine.rename, addAndFill],
    ["a type in two", routine.type, addAndFill],
    ["the bad index", routine.lockingIndex, { must: ["0002 non-concurrent-index"] }],
    [
      "the good index, in Alembic's transaction",
      routine.concurrentIndex,
      { must: ["0002 concurrently-in-transaction"], mustNot: ["0002 non-concurrent-index"] },
    ],
    [
      "the bad update",
      routine.hugeUpdate,
      { must: ["0002 unbatched-data-change"], mustNot: ["0002 update-without-where", "0002 mixed-schema-and-data"] },
    ],
    [
      "the good update ends, as its value is a constant, but all batches are in one transaction",
      routine.batchedUpdate,
      {
        must: ["0002 batches-in-one-transaction"],
        mustNot: [
          "0002 unbatched-data-change",
          "0002 endless-batch",
          "0002 other-dialect-sql",
          "0002 bare-string-execute",
        ],
      },
    ],
  ])("%s", expectBlock);
});

/** The documents' other code: it is no revision, and nothing is said of it. */
test.each(Object.entries(testing))("%s beside the revisions is not judged", async (_, code) => {
  expect(await foundIn(`-- versions/test_migrations.py --\n${code}-- versions/0001_a.py --\npass\n`)).toEqual([]);
});

/** Expressions of the first document's table: what one server calls a function another does not know. */
describe("the table of three dialects' functions", () => {
  const select = (expression: string): string =>
    `${users()}-- versions/0002_x.py --\nop.execute("UPDATE users SET name = ${expression} WHERE id = 1")\n`;
  const known = { postgresql: "postgresql", mysql: "mysql", sqlite: "sqlite" } as const;
  test.each([
    ["EXTRACT(YEAR FROM date)", ["postgresql", "mysql"]],
    ["YEAR(date)", ["mysql"]],
    ["strftime('%Y', date)", ["sqlite"]],
    ["split_part(str, ' ', 1)", ["postgresql"]],
    ["SUBSTRING_INDEX(str, ' ', 1)", ["mysql"]],
    ["substr(str, 1, instr(str, ' ') - 1)", ["mysql", "sqlite"]],
    ["str1 || str2", ["postgresql", "mysql", "sqlite"]],
    // SQLite has it since 3.44.
    ["CONCAT(str1, str2)", ["postgresql", "mysql", "sqlite"]],
    ["NOW()", ["postgresql", "mysql"]],
    ["datetime('now')", ["sqlite"]],
  ])("%s", async (expression, servers) => {
    for (const dialect of Object.values(known)) {
      const found = await foundIn(select(expression), { dialect });
      const isRefused = found.some((one) => one.endsWith("other-dialect-sql") || one.endsWith("invalid-sql"));
      expect([dialect, isRefused]).toEqual([dialect, !servers.includes(dialect)]);
    }
  });
});

/** What is offered for a finding, and how many files it makes; `refused` where it is shown with a reason. */
describe("what is offered for a finding", () => {
  type Offered = readonly [source: string, rule: string, refactoring: string, makes: number | "refused"];
  const blocks: Readonly<Record<string, readonly Offered[]>> = {
    separate: [
      [separate.mixed, "mixed-schema-and-data", "split-mixed-migration", 3],
      [separate.mixed, "mixed-schema-and-data", "split-and-batch", 3],
      [separate.mixed, "missing-downgrade", "generate-downgrade", 1],
      [separate.mixed, "unbatched-data-change", "batch-data-change", "refused"],
      [separate.apart, "unbatched-data-change", "batch-data-change", 1],
      [separate.apart, "unbatched-data-change", "extract-data-script", 2],
    ],
    transform: [
      [transform.splitName, "mixed-schema-and-data", "split-and-batch", 3],
      [transform.splitName, "unbatched-data-change", "batch-data-change", "refused"],
      [transform.createdYear, "mixed-schema-and-data", "split-and-batch", 3],
      [transform.createdYear, "set-not-null-scan", "stage-not-null-column", 2],
      [transform.customerName, "mixed-schema-and-data", "split-and-batch", 3],
      [transform.customerName, "set-not-null-scan", "stage-not-null-column", 2],
      [transform.ageGroup, "mixed-schema-and-data", "split-and-batch", 3],
      [transform.ageGroup, "set-not-null-scan", "stage-not-null-column", 2],
      [transform.score, "row-by-row-change", "set-based-update", 1],
      [transform.score, "set-not-null-scan", "stage-not-null-column", 2],
      [transform.batched, "interpolated-sql", "bind-parameters", 1],
      [transform.checked, "unbatched-data-change", "batch-data-change", 1],
      [transform.checked, "unbatched-data-change", "extract-data-script", "refused"],
    ],
    handling: [
      [handling.premium, "mixed-schema-and-data", "split-and-batch", 3],
      [handling.premium, "missing-downgrade", "generate-downgrade", 1],
      [handling.premium, "set-not-null-scan", "stage-not-null-column", "refused"],
      [handling.enumHelper, "missing-downgrade", "generate-downgrade", 1],
      [handling.enumHelper, "mixed-schema-and-data", "split-mixed-migration", "refused"],
      [handling.json, "mixed-schema-and-data", "split-and-batch", 2],
      [handling.json, "unbatched-data-change", "batch-data-change", 2],
    ],
    patterns: [
      [patterns.expand, "other-dialect-sql", "translate-sql", "refused"],
      [patterns.directRename, "renamed-column", "stage-column-rename", 3],
      [patterns.rename, "mixed-schema-and-data", "split-mixed-migration", 2],
      [patterns.rename, "unbatched-data-change", "batch-data-change", 2],
      [patterns.notNull, "mixed-schema-and-data", "split-and-batch", 3],
      [patterns.notNull, "missing-downgrade", "generate-downgrade", 1],
      [patterns.notNull, "set-not-null-scan", "stage-not-null-column", 2],
      [patterns.foreignKey, "mixed-schema-and-data", "split-and-batch", 3],
      [patterns.foreignKey, "validated-in-same-transaction", "extract-operations", 2],
    ],
    routine: [
      [routine.withDefault, "mixed-schema-and-data", "split-and-batch", 3],
      [routine.withDefault, "set-not-null-scan", "stage-not-null-column", 2],
      [routine.rename, "mixed-schema-and-data", "split-mixed-migration", 2],
      [routine.rename, "unbatched-data-change", "batch-data-change", 2],
      [routine.type, "mixed-schema-and-data", "split-mixed-migration", 2],
      [routine.type, "missing-downgrade", "generate-downgrade", 1],
      [routine.lockingIndex, "non-concurrent-index", "build-index-concurrently", 1],
      [routine.hugeUpdate, "unbatched-data-change", "batch-data-change", 1],
      [routine.hugeUpdate, "unbatched-data-change", "extract-data-script", 2],
    ],
  };

  const cases = Object.entries(blocks).flatMap(([document, all]) =>
    all.map(([source, rule, id, makes]) => ({
      name: `${document}, ${source.match(/-- versions\/(\w+)\.py --(?![^]*-- versions)/)?.[1] ?? ""}`,
      ...{ source, rule, id, makes },
    })),
  );

  test.each(cases)("$name: $id for $rule", async ({ source, rule, id, makes }) => {
    const opened = await openFixture(source);
    const before = check(opened.project, defaultSettings).findings;
    const found = before.find((one) => one.rule === rule);
    const file = found && opened.project.files.get(found.path);
    const refactoring = refactoringById(id);
    if (!found || !file || !refactoring) throw new Error(`${rule} or ${id} is not there`);
    expect(found.refactorings).toContain(id);
    const at = { project: opened.project, file, range: found.range };
    const offer = refactoring.plan(at);
    if (offer === undefined || "unavailable" in offer) {
      expect([makes, offer?.unavailable]).toEqual(["refused", expect.stringMatching(/\.$/)]);
      return;
    }
    const { change, parts } = refactoring.apply(at, offer.plan);
    expect(parts).toHaveLength(makes === "refused" ? 0 : makes);
    const texts = new Map([...opened.texts, ...change.create.map(({ path, text }) => [path, text] as const)]);
    for (const { path, edits } of change.edit) texts.set(path, applyEdits(texts.get(path) ?? "", edits));
    const after = await openTexts(texts);
    assertReads(after);
    const own = new Set([file.path, ...parts.map(({ path }) => path)]);
    const left = check(after, defaultSettings).findings.filter((one) => one.rule === rule && own.has(one.path));
    // Of several findings of one rule one is gone; the way back may keep one of its own.
    expect(left.filter(({ direction }) => direction !== "downgrade").length).toBeLessThan(
      before.filter((one) => one.rule === rule && one.direction !== "downgrade").length,
    );
    expect(after.history.problems).toEqual([]);
  });

  test.each([
    ["an index that is built concurrently outside of a block", patterns.index, 2],
    ["the good index", routine.concurrentIndex, 1],
  ])("%s is put into one", async (_, source, count) => {
    const { project, texts } = await openFixture(source);
    const repaired = new Map(texts);
    for (const file of project.files.values()) {
      const repairs = repairsIn(project, file, defaultSettings).filter(
        ({ rule }) => rule === "concurrently-in-transaction",
      );
      if (repairs.length === 0) continue;
      expect(repairs).toHaveLength(count);
      const edits = repairs.flatMap((one) => one.edits);
      repaired.set(file.path, applyEdits(file.text, edits));
    }
    const rules = check(await openTexts(repaired), defaultSettings).findings.map(({ rule }) => rule);
    expect(rules).not.toContain("concurrently-in-transaction");
  });
});

describe("what fixes make of them", () => {
  const mixed = Object.entries({
    "a full name": [separate.mixed, 3],
    "a split name": [transform.splitName, 3],
    "a year": [transform.createdYear, 3],
    "a customer's name": [transform.customerName, 3],
    "an age group": [transform.ageGroup, 3],
    "a score": [transform.score, 3],
    "a batched status": [transform.batched, 2],
    "a premium flag": [handling.premium, 3],
    "fields of JSON": [handling.json, 2],
    "a verified flag": [patterns.notNull, 3],
    "a foreign key": [patterns.foreignKey, 3],
    "a status": [routine.withDefault, 3],
  } satisfies Record<string, readonly [string, number]>).map(
    ([name, [source, parts]]) => [name, source, parts] as const,
  );

  test.each(mixed)("the split takes %s apart, and nothing is mixed any more", async (_, source, parts) => {
    const { parts: made, after } = await refactors(splitMixedMigration, source);
    expect(made).toHaveLength(parts);
    const { findings } = check(after, defaultSettings);
    expect(findings.filter(({ rule }) => rule === "mixed-schema-and-data")).toEqual([]);
    // The backfill is a statement as long as before; update-without-where still knows that it is one.
    expect(findings.filter(({ rule }) => rule === "update-without-where")).toEqual([]);
  });

  test("a helper that does both cannot be cut", () =>
    refuses(splitMixedMigration, handling.enumHelper, "a helper cannot be cut in two"));

  test("the bare string is wrapped", () =>
    fixes(
      bareStringExecute,
      patterns.expand,
      `connection = op.get_bind()
connection.execute(sa.text("""
    UPDATE users
    SET email_new = email
    WHERE email_new IS NULL
    LIMIT 10000
"""))
`,
    ));

  test("the bad index is built concurrently, in an autocommit block", async () => {
    const source = routine.lockingIndex.replace("op.create_index", "op.<|>create_index");
    const { files, after } = await refactors(buildIndexConcurrently, source);
    expect(files.get("versions/0002_index.py")).toContain("autocommit_block()");
    expect(files.get("versions/0002_index.py")).toContain("postgresql_concurrently=True");
    expect(check(after, defaultSettings).findings.map(({ rule }) => rule)).not.toContain("non-concurrent-index");
  });
});
