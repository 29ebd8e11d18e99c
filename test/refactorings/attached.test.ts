/** What hangs on a column that is renamed or gets another type in stages. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgedIn } from "../../server/src/facts/judged.ts";
import { refactoringById } from "../../server/src/refactorings/offers.ts";
import { stageColumnRename } from "../../server/src/refactorings/stage-column-rename.ts";
import { stageTypeChange } from "../../server/src/refactorings/stage-type-change.ts";
import { refactors, refuses, type Refactored } from "../support/cases.ts";
import { attachedMigrations } from "./attached-migrations.ts";
import { downgradesOf, upgradesOf } from "./upgrades.ts";

const base = (sql: string): string => `-- versions/0001_base.py --\nop.execute(${JSON.stringify(sql)})\n`;

const both = (given: string, up: string, down: string): string =>
  `${base(given)}-- versions/0002_case.py --\ndef upgrade():\n    ${up}<|>\n\n\ndef downgrade():\n    ${down}\n`;

const toBigint = (given: string): string =>
  both(given, `op.alter_column("t", "id", type_=sa.BigInteger())`, `op.alter_column("t", "id", type_=sa.Integer())`);

const toCode = (given: string): string =>
  both(
    given,
    `op.alter_column("t", "id", new_column_name="code")`,
    `op.alter_column("t", "code", new_column_name="id")`,
  );

/** Those of the tables of before that are locked against writers while they are written anew or read from start to end. */
function heldUp({ after, parts }: Refactored): readonly string[] {
  return parts.flatMap(({ path }) => {
    const file = after.files.get(path);
    const [upgrade] = file?.upgrades ?? [];
    if (!file || !upgrade) throw new Error(`${path} is not read`);
    return judgedIn(after, file, upgrade).flatMap(({ operation, impact }) => {
      const locks = impact?.locks.filter(({ blocks }) => blocks.includes("writes")) ?? [];
      const long = [...(impact?.rewrites ?? []), ...(impact?.scans ?? []), ...(impact?.builds ?? [])];
      return long.length > 0 && locks.length > 0 ? [`${operation.kind}: ${operation.sql ?? ""}`] : [];
    });
  });
}

describe("a key", () => {
  test("that others point at is swapped with a foreign key that stands already", async () => {
    const made = await refactors(
      stageTypeChange,
      toBigint("CREATE TABLE t (id serial PRIMARY KEY); CREATE TABLE u (t_id int REFERENCES t ON DELETE CASCADE);"),
    );
    const [expand = "", backfill = "", contract = ""] = upgradesOf(made);
    expect(expand).not.toContain("u_t_id");
    expect(backfill).toMatch(
      /create_index\(op\.f\("t_pkey_new"\), "t", \["id_new"\], unique=True[^]*create_foreign_key\(op\.f\("u_t_id_fkey_new"\)[^]*VALIDATE CONSTRAINT u_t_id_fkey_new/,
    );
    expect(contract).toMatch(
      /drop_constraint\(op\.f\("u_t_id_fkey"\)[^]*AS bigint OWNED BY t\.id_new[^]*PRIMARY KEY USING INDEX t_pkey_new[^]*RENAME CONSTRAINT u_t_id_fkey_new TO u_t_id_fkey/,
    );
    expect(downgradesOf(made)[1]).toContain("DROP CONSTRAINT IF EXISTS u_t_id_fkey_new");
    expect(made.result.notes.join("\n")).toContain("The last stage locks t, u at once, for a moment");
    expect(made.result.notes.join("\n")).toContain("Its sequence counts as bigint in the end");
    expect(made.result.notes.join("\n")).not.toContain("cannot hold");
  });

  test("with an identity goes on where the other one stands", async () => {
    const made = await refactors(
      stageTypeChange,
      toBigint("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (START WITH 5 INCREMENT BY 2) PRIMARY KEY);"),
    );
    expect(upgradesOf(made)[2]).toMatch(
      /ADD GENERATED ALWAYS AS IDENTITY \(SEQUENCE NAME t_id_seq_new START WITH 5 INCREMENT BY 2\)[^]*setval\('t_id_seq_new', last_value, is_called\) FROM t_id_seq[^]*drop_column[^]*ALTER SEQUENCE t_id_seq_new RENAME TO t_id_seq/,
    );
  });

  test("of several columns keeps the others", async () => {
    const made = await refactors(stageColumnRename, toCode("CREATE TABLE t (a text, id int, PRIMARY KEY (a, id));"));
    expect(upgradesOf(made)[1]).toContain(`op.create_index(op.f("t_pkey_new"), "t", ["a", "code"], unique=True`);
  });
});

test("a name that is taken is not given twice", async () => {
  const made = await refactors(
    stageColumnRename,
    toCode("CREATE TABLE t (id int, n int PRIMARY KEY); CREATE INDEX a ON t (id); CREATE INDEX a_new ON t (n);"),
  );
  expect(upgradesOf(made)[2]).toContain("ALTER INDEX a_new_2 RENAME TO a");
});

test("what is said again of the column changes nothing", async () => {
  const made = await refactors(
    stageColumnRename,
    both(
      "CREATE TABLE t (id int PRIMARY KEY, a varchar(9) NOT NULL);",
      `op.alter_column("t", "a", new_column_name="b", type_=sa.String(9), nullable=False)`,
      `op.alter_column("t", "b", new_column_name="a", type_=sa.String(9), existing_nullable=False)`,
    ),
  );
  expect(made.parts).toHaveLength(3);
});

test("a constraint that was not validated stays so", async () => {
  const made = await refactors(
    stageColumnRename,
    toCode("CREATE TABLE t (id int, n int PRIMARY KEY); ALTER TABLE t ADD CONSTRAINT ck CHECK (id > 3) NOT VALID;"),
  );
  expect(upgradesOf(made)[1]).not.toContain("VALIDATE");
});

test("whatever hangs on it, the schema is the same and no stage reads or writes a table while writers wait", async () => {
  await fc.assert(
    fc.asyncProperty(attachedMigrations, async ({ refactoring, given, upgrade, downgrade }) => {
      const found = refactoringById(refactoring);
      if (!found) throw new Error(`there is no ${refactoring}`);
      expect(heldUp(await refactors(found, both(given, upgrade, downgrade)))).toEqual([]);
    }),
    { numRuns: 12 },
  );
}, 120_000);

describe("is refused", () => {
  const key = "CREATE TABLE t (id int PRIMARY KEY)";
  test.each<[string, string, RegExp]>([
    [
      "for an exclusion constraint",
      `${key.replace(")", ", EXCLUDE USING gist (id WITH =))")}`,
      /excludes rows by t\.id/,
    ],
    ["for a deferrable key", "CREATE TABLE t (id int PRIMARY KEY DEFERRABLE)", /is deferrable/],
    [
      "where a partitioned table points at it",
      `${key}; CREATE TABLE u (id int REFERENCES t, d date) PARTITION BY RANGE (d)`,
      /u_id_fkey of u, which is no plain table/,
    ],
    [
      "where the foreign key sets a default",
      `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int REFERENCES p ON DELETE SET DEFAULT, n int PRIMARY KEY)`,
      /sets t\.id to its default/,
    ],
    [
      "for an index with settings of its own",
      `${key}; CREATE INDEX i ON t (id) WITH (fillfactor = 70)`,
      /i on t\.id has settings of its storage/,
    ],
    [
      "where it points at itself",
      `CREATE TABLE t (id int PRIMARY KEY, a int, UNIQUE (id, a), FOREIGN KEY (a, id) REFERENCES t (id, a))`,
      /at itself/,
    ],
    ["where a view reads it", `${key}; CREATE VIEW v AS SELECT id FROM t`, /view v may read t\.id/],
  ])("%s", (_, given, reason) => refuses(stageTypeChange, toBigint(given), reason));

  test("where nobody knows what the server calls the key", () =>
    refuses(
      stageTypeChange,
      `-- versions/0001_base.py --
op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_case.py --
op.alter_column("t", "id", type_=sa.BigInteger())<|>
-- env.py --
from elsewhere import Base
context.configure(connection=connection, target_metadata=Base.metadata)
`,
      /^The primary key on t\.id has no name that is known: give it one where it is made/,
    ));

  test("where a foreign key could not compare both", () =>
    refuses(
      stageTypeChange,
      both(
        `${key}; CREATE TABLE u (t_id int CONSTRAINT fk REFERENCES t)`,
        `op.alter_column("t", "id", type_=sa.Text())`,
        "pass",
      ),
      /fk of u could not compare integer with text/,
    ));
});
