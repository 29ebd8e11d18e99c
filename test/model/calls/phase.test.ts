import { describe, expect, test } from "vitest";
import { runOne } from "./python.ts";

const cases: readonly (readonly [string, string | undefined])[] = [
  [`op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))`, "expand"],
  [`op.add_column("t", sa.Column("a", sa.Integer))`, "expand"],
  [`op.add_column("t", sa.Column("a", sa.Integer, nullable=False, server_default="0"))`, "expand"],
  [`op.add_column("t", sa.Column("a", sa.Integer, sa.Identity()))`, "expand"],
  [`op.add_column("t", sa.Column("a", sa.Integer, sa.Computed("b + 1"), nullable=False))`, "expand"],
  [`op.add_column("t", sa.Column("a", sa.Integer, nullable=False))`, "contract"],
  [`op.create_index("ix", "t", ["a"])`, "expand"],
  [`op.create_index("ix", "t", ["a"], unique=True)`, "contract"],
  [`op.create_foreign_key("fk", "t", "u", ["a"], ["id"])`, "contract"],
  [`op.create_foreign_key("fk", "t", "u", ["a"], ["id"], postgresql_not_valid=True)`, "expand"],
  [`op.alter_column("t", "a", nullable=False)`, "contract"],
  [`op.alter_column("t", "a", nullable=True)`, "expand"],
  [`op.alter_column("t", "a", type_=sa.Text())`, "contract"],
  [`op.alter_column("t", "a", new_column_name="b")`, "contract"],
  [`op.alter_column("t", "a", existing_type=sa.Text(), server_default=None)`, "expand"],
  [`op.drop_column("t", "a")`, "contract"],
  [`op.drop_index("ix")`, "contract"],
  [`op.rename_table("t", "u")`, "contract"],
  [`op.execute("UPDATE t SET a = 1")`, "backfill"],
  [`op.bulk_insert(users, [{"id": 1}])`, "backfill"],
  [`op.execute("ALTER TYPE kind ADD VALUE 'x'")`, "expand"],
  [`op.execute("ALTER TYPE kind RENAME VALUE 'x' TO 'y'")`, "contract"],
  [`op.execute("CREATE VIEW v AS SELECT 1")`, "expand"],
  [`op.create_foreign_key("fk", unknown(), "u", ["a"], ["id"])`, "contract"],
  [`op.create_unique_constraint("uq", unknown(), ["a"])`, "contract"],
  [`op.create_unique_constraint("uq", "t", unknown())`, "contract"],
  [`op.create_check_constraint("ck", unknown(), "a > 0")`, "contract"],
  [`op.create_check_constraint("ck", "t", "a > 0", postgresql_not_valid=True)`, "expand"],
  [`op.create_index("ix", unknown(), ["a"], unique=True)`, "contract"],
  [`op.alter_column(unknown(), "a", nullable=False)`, "contract"],
  [`op.alter_column("t", unknown(), existing_type=sa.Text(), nullable=False)`, "contract"],
  [`op.alter_column("t", "a", existing_type=sa.Text(), existing_nullable=True)`, undefined],
  [`op.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID")`, "expand"],
  [`op.execute("ALTER TABLE t VALIDATE CONSTRAINT ck")`, "contract"],
  [`op.execute("ALTER TABLE t ADD EXCLUDE USING gist (a WITH &&)")`, "contract"],
  [`op.execute("ALTER TABLE t ENABLE ROW LEVEL SECURITY")`, "contract"],
  [`op.execute("ALTER TABLE t FORCE ROW LEVEL SECURITY")`, "contract"],
  [`op.execute("ALTER TABLE t DISABLE ROW LEVEL SECURITY")`, "expand"],
  [`op.execute("ALTER TABLE t DETACH PARTITION p")`, "contract"],
  [`op.execute("ALTER TABLE t DETACH PARTITION p CONCURRENTLY")`, "contract"],
  [`op.execute("ALTER TABLE t NO INHERIT p")`, "contract"],
  [`op.execute("ALTER TABLE t INHERIT p")`, "expand"],
  [`op.execute("ALTER TABLE t ALTER a DROP IDENTITY")`, "contract"],
  [`op.execute("ALTER TABLE t ALTER a DROP EXPRESSION")`, "contract"],
  [`op.execute("ALTER DOMAIN d ADD CHECK (VALUE > 0)")`, "contract"],
  [`op.execute("ALTER DOMAIN d ADD CHECK (VALUE > 0) NOT VALID")`, "expand"],
  [`op.alter_column("t", "a", server_default=None, existing_server_default=sa.Identity())`, "contract"],
  [`op.execute("TRUNCATE t")`, "backfill"],
  [`op.create_table_comment("t", "x")`, undefined],
  [`op.execute("SELECT 1")`, undefined],
  [`op.create_entity(x)`, undefined],
  [`op.sync_enum_values("public", "k", ["a"], [("t", "c")])`, "contract"],
];

describe("the phase of an action by itself", () => {
  for (const [body, phase] of cases) {
    test(`${body} is ${phase ?? "none"}`, () => {
      expect(runOne(body).phase).toBe(phase);
    });
  }
});
