/** A directive of Alembic is predicted as the SQL that it makes. */
import { expect, test } from "vitest";
import { createdBy, combined, impactOf } from "../../server/src/locks/predict.ts";
import type { Impact } from "../../server/src/locks/impact.ts";
import { operationsOf, play } from "../../scripts/locks/predicted.ts";
import { base } from "../../scripts/locks/row.ts";
import { KnownSchema } from "../../server/src/schema/replay/schema.ts";
import type { Operation } from "../../server/src/model/revision.ts";
import { upgradeOf } from "../model/reading.ts";

function predict(operations: readonly Operation[]): Impact | undefined {
  let schema = play(new KnownSchema(), operationsOf(base));
  const created: ReturnType<typeof createdBy>[number][] = [];
  return combined(
    operations.map((operation) => {
      const impact = impactOf(operation, {
        server: { dialect: "postgresql", version: 16 },
        schema,
        created,
        utc: true,
      });
      schema = play(schema, [operation]);
      created.push(...createdBy(operation));
      return impact;
    }),
  );
}

const facts = (impact: Impact | undefined): unknown =>
  impact && {
    locks: impact.locks,
    rewrites: impact.rewrites,
    scans: impact.scans,
    builds: impact.builds,
    transactional: impact.transactional,
    confidence: impact.confidence,
  };

test.each([
  [`op.add_column("users", sa.Column("z", sa.Integer()))`, "ALTER TABLE users ADD COLUMN z integer"],
  [
    `op.add_column("users", sa.Column("z", sa.DateTime(), server_default=sa.func.now(), nullable=False))`,
    "ALTER TABLE users ADD COLUMN z timestamp NOT NULL DEFAULT now()",
  ],
  [
    `op.add_column("users", sa.Column("z", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False))`,
    "ALTER TABLE users ADD COLUMN z uuid NOT NULL DEFAULT gen_random_uuid()",
  ],
  [
    `op.add_column("users", sa.Column("z", sa.Integer(), sa.Identity(always=True)))`,
    "ALTER TABLE users ADD COLUMN z integer GENERATED ALWAYS AS IDENTITY",
  ],
  [
    `op.add_column("users", sa.Column("z", sa.Integer(), sa.ForeignKey("teams.id")))`,
    "ALTER TABLE users ADD COLUMN z integer; ALTER TABLE users ADD FOREIGN KEY (z) REFERENCES teams (id)",
  ],
  [
    `op.add_column("users", sa.Column("z", sa.Integer(), sa.ForeignKey("teams.id")), inline_references=True)`,
    "ALTER TABLE users ADD COLUMN z integer REFERENCES teams (id)",
  ],
  [`op.drop_column("users", "age")`, "ALTER TABLE users DROP COLUMN age"],
  [`op.alter_column("users", "age", nullable=False)`, "ALTER TABLE users ALTER COLUMN age SET NOT NULL"],
  [
    `op.alter_column("users", "email", type_=sa.String(100), existing_type=sa.String(50))`,
    "ALTER TABLE users ALTER COLUMN email TYPE varchar(100)",
  ],
  [`op.alter_column("users", "email", type_=sa.String(20))`, "ALTER TABLE users ALTER COLUMN email TYPE varchar(20)"],
  [`op.alter_column("users", "age", type_=sa.BigInteger())`, "ALTER TABLE users ALTER COLUMN age TYPE bigint"],
  [`op.alter_column("users", "age", new_column_name="years")`, "ALTER TABLE users RENAME COLUMN age TO years"],
  [`op.alter_column("users", "age", server_default="0")`, "ALTER TABLE users ALTER COLUMN age SET DEFAULT '0'"],
  [
    `op.create_foreign_key("fk", "users", "teams", ["team_id"], ["id"])`,
    "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams (id)",
  ],
  [
    `op.create_foreign_key("fk", "users", "teams", ["team_id"], ["id"], postgresql_not_valid=True)`,
    "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams (id) NOT VALID",
  ],
  [`op.create_check_constraint("ck", "users", "age > 0")`, "ALTER TABLE users ADD CONSTRAINT ck CHECK (age > 0)"],
  [`op.create_unique_constraint("uq", "users", ["email"])`, "ALTER TABLE users ADD CONSTRAINT uq UNIQUE (email)"],
  [`op.create_primary_key("pk", "lone", ["id"])`, "ALTER TABLE lone ADD CONSTRAINT pk PRIMARY KEY (id)"],
  [`op.create_index("ix", "users", ["age"])`, "CREATE INDEX ix ON users (age)"],
  [
    `with op.get_context().autocommit_block():\n    op.create_index("ix", "users", ["age"], postgresql_concurrently=True)`,
    "CREATE INDEX CONCURRENTLY ix ON users (age)",
  ],
  [
    `op.drop_constraint("posts_user_id_fkey", "posts", type_="foreignkey")`,
    "ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey",
  ],
  [`op.add_enum_value("public", "mood", "glad")`, "ALTER TYPE mood ADD VALUE 'glad'"],
  [`op.rename_table("users", "people")`, "ALTER TABLE users RENAME TO people"],
  [`op.drop_table("posts")`, "DROP TABLE posts"],
  [
    `op.create_table("fresh", sa.Column("id", sa.Integer(), sa.ForeignKey("users.id"), primary_key=True))`,
    "CREATE TABLE fresh (id integer PRIMARY KEY REFERENCES users (id))",
  ],
  [
    `op.create_table("fresh", sa.Column("id", sa.Integer()))\nop.create_index("ix", "fresh", ["id"])`,
    "CREATE TABLE fresh (id integer); CREATE INDEX ix ON fresh (id)",
  ],
])("%s", (body, sql) => {
  const directive = predict(upgradeOf(body).operations);
  expect(directive).toBeDefined();
  expect(facts(directive)).toEqual(facts(predict(operationsOf(sql))));
});

test("sync_enum_values converts each column to a type of the same name, which writes its table anew", () => {
  const directive = predict(
    upgradeOf(`op.sync_enum_values("public", "mood", ["ok", "sad", "glad"], [("users", "feeling")])`).operations,
  );
  const sql = `ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('ok', 'sad', 'glad');
    ALTER TABLE users ALTER feeling TYPE mood USING feeling::text::mood; DROP TYPE mood_old`;
  const { locks, rewrites, scans, builds } = predict(operationsOf(sql)) ?? {};
  expect(rewrites).not.toEqual([]);
  expect(directive).toMatchObject({ locks, rewrites, scans, builds, confidence: "certain" });
});

test("sync_enum_values on columns that are not known is not predicted", () => {
  expect(predict(upgradeOf(`op.sync_enum_values("public", "mood", ["ok"], fresh())`).operations)).toBeUndefined();
});
