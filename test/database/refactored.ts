/** Migrations of the kinds that real projects write, each with the refactoring that is tried on it. */
import type { MixedMigration } from "./mixed.ts";

export interface RefactoredMigration extends Omit<MixedMigration, "parts"> {
  readonly refactoring: string;
  /** A piece of the line that is pointed at; absent: the file as a whole. */
  readonly at?: string;
  /** How many revisions it makes of one. */
  readonly parts: number;
  /** What the refactored file must hold, so that it is known to have been changed. */
  readonly makes: RegExp;
}

const users = `
  CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, name text, age integer);
  INSERT INTO users (email, name, age)
  SELECT format('user%s@example.com', n), 'O''Name ' || n, CASE WHEN n % 5 > 0 THEN n % 70 END
    FROM generate_series(1, 300) n;
  CREATE INDEX ix_users_age ON users (age);
`;

export const refactoredMigrations: readonly RefactoredMigration[] = [
  {
    name: "builds an index",
    refactoring: "build-index-concurrently",
    at: "create_index",
    given: users,
    upgrade: `    op.create_index("ix_users_email", "users", ["email"], unique=True)`,
    downgrade: `    op.drop_index("ix_users_email", "users")`,
    parts: 1,
    makes: /postgresql_concurrently=True/,
  },
  {
    name: "builds an index on a column that it adds",
    refactoring: "build-index-concurrently",
    at: "create_index",
    given: users,
    upgrade: `
    op.add_column("users", sa.Column("city", sa.Text()))
    op.create_index("ix_users_city", "users", ["city", sa.text("lower(email)")], postgresql_where=sa.text("age > 3"))`,
    downgrade: `
    op.drop_index("ix_users_city", "users")
    op.drop_column("users", "city")`,
    parts: 2,
    makes: /autocommit_block/,
  },
  {
    name: "builds indexes in a batch block",
    refactoring: "build-index-concurrently",
    at: "batch_op.create_index",
    given: users,
    upgrade: `
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_users_email"), ["email"], unique=True)`,
    downgrade: `
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_email"))
        batch_op.drop_index(batch_op.f("ix_users_name"))`,
    parts: 1,
    makes: /batch_op\.drop_index\(batch_op\.f\("ix_users_email"\), if_exists=True/,
  },
  {
    name: "builds indexes in a loop and in SQL",
    refactoring: "build-index-concurrently",
    at: "create_index",
    given: users,
    upgrade: `
    for name in ("name", "email"):
        op.create_index(f"ix_users_{name}", "users", [name])
    op.execute('CREATE INDEX "ix Users" ON users (lower(name))')`,
    downgrade: `
    op.execute('DROP INDEX "ix Users"')
    for name in ("name", "email"):
        op.drop_index(f"ix_users_{name}", "users")`,
    parts: 1,
    makes: /CONCURRENTLY IF EXISTS/,
  },
  {
    name: "drops an index",
    refactoring: "drop-index-concurrently",
    at: "drop_index",
    given: users,
    upgrade: `
    op.add_column("users", sa.Column("city", sa.Text()))
    op.drop_index("ix_users_age", table_name="users")`,
    downgrade: `
    op.create_index("ix_users_age", "users", ["age"])
    op.drop_column("users", "city")`,
    parts: 2,
    makes: /if_exists=True/,
  },
  {
    name: "drops an index in SQL and in its downgrade",
    refactoring: "drop-index-concurrently",
    at: "DROP INDEX",
    given: users,
    upgrade: `    op.execute("DROP INDEX ix_users_age")`,
    downgrade: `    op.execute("CREATE INDEX ix_users_age ON users (age)")`,
    parts: 1,
    makes: /DROP INDEX CONCURRENTLY IF EXISTS ix_users_age/,
  },
  {
    name: "has rows to change beside its schema",
    refactoring: "extract-operations",
    at: "UPDATE users",
    given: users,
    upgrade: `
    op.add_column("users", sa.Column("adult", sa.Boolean()))
    op.execute("UPDATE users SET adult = age >= 18")
    op.add_column("users", sa.Column("city", sa.Text()))`,
    downgrade: `
    op.drop_column("users", "city")
    op.drop_column("users", "adult")`,
    parts: 2,
    makes: /part 1|UPDATE/,
  },
];
