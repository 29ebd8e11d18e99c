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
  /** The original's own downgrade does not give the schema back; the refactored one does, to the letter. */
  readonly restores?: true;
  /** Facts of the schema that may be others; those that PostgreSQL 18 has come to show, for instance. */
  readonly except?: RegExp;
  /** In place of the usual one, so that there are several batches. */
  readonly batchSize?: number;
}

const users = `
  CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, name text, age integer);
  INSERT INTO users (email, name, age)
  SELECT format('user%s@example.com', n), 'O''Name ' || n, CASE WHEN n % 5 > 0 THEN n % 70 END
    FROM generate_series(1, 300) n;
  CREATE INDEX ix_users_age ON users (age);
`;

const shop = `
  CREATE TYPE mood AS ENUM ('good', 'it''s bad');
  CREATE TABLE users (
    id serial PRIMARY KEY, email varchar(200) NOT NULL, age smallint DEFAULT 18, seen timestamptz DEFAULT now(),
    price numeric(10, 2), tags text[], feeling mood, note text DEFAULT 'a: b :c', big bigint, data jsonb,
    CONSTRAINT uq_email UNIQUE (email), CHECK (age > 0)
  );
  CREATE TABLE orders (
    id bigserial PRIMARY KEY, user_id integer REFERENCES users ON DELETE CASCADE, uuid uuid, placed date,
    total double precision, name character(3), CONSTRAINT once UNIQUE (user_id, placed)
  );
  CREATE TABLE lines (
    order_id bigint NOT NULL, n integer NOT NULL, PRIMARY KEY (order_id, n),
    CONSTRAINT fk_order FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE CASCADE
  );
  CREATE INDEX ix_age ON users (age) WHERE age > 3;
  CREATE UNIQUE INDEX ix_lower ON users (lower(email)) INCLUDE (age);
  COMMENT ON COLUMN users.age IS 'in "years"';
  INSERT INTO users (email, age, price, tags, feeling, seen)
  SELECT format('user%s@x', n), n, n * 1.5, ARRAY['a', NULL], 'good', timestamptz '2025-01-01 00:00+00' FROM generate_series(1, 20) n;
`;

/** The original has no way back, so the state before is what the generated one must give. */
const generates = (name: string, upgrade: string, makes: RegExp): RefactoredMigration => ({
  name,
  refactoring: "generate-downgrade",
  at: "def downgrade",
  given: shop,
  upgrade,
  downgrade: "    pass",
  parts: 1,
  makes,
  restores: true,
});

const branched = generates(
  "asks for the dialect and for offline mode",
  `
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("age")
            batch_op.add_column(sa.Column("city", sa.Text(), server_default="x", nullable=False))
        op.create_index("ix_city", "users", ["city"])
    elif bind.dialect.name == "sqlite":
        op.execute("PRAGMA foreign_keys=ON")
    if not op.get_context().as_sql:
        for name in ("a", "b"):
            op.add_column("lines", sa.Column(name, sa.Integer()))`,
  /as_sql:[^]*dialect\.name == "postgresql":[^]*op\.drop_index/,
);

const completed: RefactoredMigration = {
  name: "forgets a column and an index",
  refactoring: "complete-downgrade",
  at: "def downgrade",
  given: shop,
  upgrade: `
    op.add_column("users", sa.Column("city", sa.Text()))
    op.create_index("ix_email", "users", ["email"])
    op.drop_column("users", "age")`,
  downgrade: `
    # The column comes back without its check.
    op.add_column("users", sa.Column("age", sa.SmallInteger(), server_default=sa.text("18"), comment='in "years"'))
    op.drop_column("users", "city")`,
  parts: 1,
  makes: /create_check_constraint[^]*drop_index/,
  restores: true,
};

const validated: readonly RefactoredMigration[] = [
  {
    name: "adds a foreign key and a check beside other changes",
    refactoring: "validate-constraint-later",
    at: "create_foreign_key",
    given: shop,
    upgrade: `
    op.add_column("lines", sa.Column("user_id", sa.Integer()))
    op.create_foreign_key(None, "lines", "users", ["user_id"], ["id"], ondelete="CASCADE")
    with op.batch_alter_table("users") as batch_op:
        batch_op.create_check_constraint("ck_price", "price > 0")
    op.execute("ALTER TABLE orders ADD CONSTRAINT ck_total CHECK (total > 0); -- why")`,
    downgrade: `
    op.drop_constraint("ck_total", "orders")
    op.drop_constraint("ck_price", "users")
    op.drop_column("lines", "user_id")`,
    parts: 2,
    makes: /VALIDATE CONSTRAINT lines_user_id_fkey[^]*NOT VALID; -- why/,
  },
  {
    name: "adds a foreign key in a schema of its own",
    refactoring: "validate-constraint-later",
    given:
      'CREATE SCHEMA "Shop"; CREATE TABLE "Shop".a (id int PRIMARY KEY); CREATE TABLE "Shop".b (a int); INSERT INTO "Shop".a VALUES (1); INSERT INTO "Shop".b VALUES (1), (NULL);',
    upgrade: `    op.create_foreign_key("fk B", "b", "a", ["a"], ["id"], source_schema="Shop", referent_schema="Shop")`,
    downgrade: `    op.drop_constraint("fk B", "b", schema="Shop")`,
    parts: 2,
    makes: /VALIDATE CONSTRAINT/,
  },
];

const staged: readonly RefactoredMigration[] = [
  {
    name: "fills a column and makes it NOT NULL",
    refactoring: "stage-not-null-column",
    at: "nullable=False",
    given: shop,
    upgrade: `
    op.add_column("users", sa.Column("city", sa.Text()))
    op.execute("UPDATE users SET city = email")
    op.alter_column("users", "city", nullable=False)`,
    downgrade: `    op.drop_column("users", "city")`,
    parts: 2,
    makes: /VALIDATE CONSTRAINT ck_users_city_not_null/,
  },
  {
    name: "makes a column NOT NULL in a batch",
    refactoring: "stage-not-null-column",
    at: "nullable=False",
    given: shop,
    upgrade: `
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("city", sa.Text()))
        batch_op.alter_column("price", existing_type=sa.Numeric(10, 2), nullable=False)`,
    downgrade: `
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("price", existing_type=sa.Numeric(10, 2), nullable=True)
        batch_op.drop_column("city")`,
    parts: 2,
    makes: /batch_op.create_check_constraint/,
  },
  {
    name: "makes a column unique",
    refactoring: "attach-unique-index",
    at: "create_unique_constraint",
    given: shop,
    upgrade: `
    op.add_column("users", sa.Column("city", sa.Text()))
    op.create_unique_constraint(None, "users", ["price", "email"], deferrable=True)`,
    downgrade: `
    op.drop_constraint("users_price_email_key", "users")
    op.drop_column("users", "city")`,
    parts: 2,
    makes: /UNIQUE USING INDEX users_price_email_key DEFERRABLE/,
  },
  {
    name: "makes a primary key",
    refactoring: "attach-unique-index",
    at: "create_primary_key",
    given:
      'CREATE TABLE "A b" (id int NOT NULL, "N" text NOT NULL); INSERT INTO "A b" SELECT n, n FROM generate_series(1, 50) n;',
    upgrade: `    op.create_primary_key("A pk", "A b", ["id", "N"])`,
    downgrade: `    op.drop_constraint("A pk", "A b")`,
    parts: 2,
    makes: /PRIMARY KEY USING INDEX/,
  },
];

const people = `
  CREATE TABLE people (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL DEFAULT 'it''s', note varchar(40), score numeric(10, 2),
    born text, size text DEFAULT '7'
  );
  COMMENT ON COLUMN people.note IS 'a "note": x';
  INSERT INTO people (id, name, note, score, born, size)
  SELECT md5(n::text)::uuid, format('Ö''%s "x" \\ %%s', n), CASE WHEN n % 3 > 0 THEN 'n' || n END, n * 1.25,
         to_char(date '2000-01-01' + n, 'DD.MM.YYYY'), CASE WHEN n % 4 > 0 THEN ' ' || n END
    FROM generate_series(1, 50) n;
  CREATE TABLE "Empty one" ("Id" int PRIMARY KEY, "A b" jsonb);
`;

const stagedIn = (
  refactoring: string,
  name: string,
  upgrade: string,
  downgrade: string,
  makes: RegExp,
): RefactoredMigration => ({
  refactoring,
  name,
  at: "alter_column",
  given: people,
  upgrade,
  downgrade,
  parts: 3,
  makes,
  batchSize: 7,
  except: /_not_null\d*: NOT NULL/,
});

const twins: readonly RefactoredMigration[] = [
  stagedIn(
    "stage-column-rename",
    "renames a column that is NOT NULL and has a default",
    `
    op.add_column("people", sa.Column("city", sa.Text()))
    op.alter_column("people", "name", new_column_name="full name")
    op.execute("UPDATE people SET city = note")`,
    `
    op.alter_column("people", "full name", new_column_name="name")
    op.drop_column("people", "city")`,
    /VALIDATE CONSTRAINT/,
  ),
  stagedIn(
    "stage-column-rename",
    "renames a column in a batch",
    `
    with op.batch_alter_table("people") as batch_op:
        batch_op.add_column(sa.Column("city", sa.Text()))
        batch_op.alter_column("note", new_column_name="remark")`,
    `
    with op.batch_alter_table("people") as batch_op:
        batch_op.alter_column("remark", new_column_name="note")
        batch_op.drop_column("city")`,
    /comment='a "note": x'/,
  ),
  stagedIn(
    "stage-column-rename",
    "renames a column of an empty table",
    `    op.execute('ALTER TABLE "Empty one" RENAME "A b" TO "b" -- alter_column')`,
    `    op.alter_column("Empty one", "b", new_column_name="A b")`,
    /NEW\."A b" := NEW\.b/,
  ),
  stagedIn(
    "stage-type-change",
    "rounds numbers",
    `    op.alter_column("people", "score", type_=sa.BigInteger())`,
    `    op.alter_column("people", "score", type_=sa.Numeric(10, 2))`,
    /NEW\.score_new := NEW\.score/,
  ),
  stagedIn(
    "stage-type-change",
    "makes dates of text",
    `    op.alter_column("people", "born", type_=sa.Date(), postgresql_using="to_date(people.born, 'DD.MM.YYYY')")`,
    `    op.execute("ALTER TABLE people ALTER born TYPE text USING to_char(born, 'DD.MM.YYYY')")`,
    /SELECT to_date/,
  ),
  stagedIn(
    "stage-type-change",
    "keeps NOT NULL",
    `
    op.execute("ALTER TABLE people ALTER name DROP DEFAULT")
    with op.batch_alter_table("people") as batch_op:
        batch_op.alter_column("name", existing_type=sa.Text(), type_=sa.LargeBinary(), postgresql_using="convert_to(name, 'UTF8')")`,
    `
    with op.batch_alter_table("people") as batch_op:
        batch_op.alter_column("name", type_=sa.Text(), postgresql_using="convert_from(name, 'UTF8')")
    op.alter_column("people", "name", server_default="it's")`,
    /convert_to/,
  ),
];

const scored = `
  CREATE TABLE "Scored" (
    id int PRIMARY KEY, n int NOT NULL, "M" bigint NOT NULL, a text NOT NULL, b varchar(20) NOT NULL, c text, total bigint, label text
  );
  INSERT INTO "Scored" (id, n, "M", a, b, c)
  SELECT n, n * 7 - 40, n, 'Ö''' || n, '%s "' || n, CASE WHEN n % 2 = 0 THEN 'c' END FROM generate_series(1, 30) n;
  CREATE TABLE none (id int PRIMARY KEY, a text);
`;

const rowByRow = (name: string, upgrade: string, makes: RegExp): RefactoredMigration => ({
  name,
  refactoring: "set-based-update",
  at: "UPDATE",
  given: scored,
  upgrade,
  downgrade: "    pass",
  parts: 1,
  makes,
});

const inRows: readonly RefactoredMigration[] = [
  rowByRow(
    "computes whole numbers",
    `
    conn = op.get_bind()
    for row in conn.execute(sa.text('SELECT id, n, "M" FROM "Scored" WHERE n > 0')).fetchall():
        base = row.n - (row[2] - 2)
        conn.execute(sa.text('UPDATE "Scored" SET total = :t WHERE id = :i'), {"t": base * 3 + row.M * (row.n + 1), "i": row.id})`,
    /SET total = \(n - \("M" - 2\)\) \* 3 \+ "M" \* \(n \+ 1\) WHERE n > 0/,
  ),
  rowByRow(
    "joins texts and copies what may be NULL",
    `
    conn = op.get_bind()
    for i, a, b, c in conn.execute(sa.text('SELECT id, a, b, c FROM "Scored"')):
        conn.execute(sa.text('UPDATE "Scored" SET label = :l, b = :b, a = :c2, c = :c WHERE id = :i'),
            {"l": a + " - " + b, "b": b, "c2": "it's", "c": a, "i": i})`,
    /SET label = a \|\| ' - ' \|\| b, b = b, a = 'it''s', c = a/,
  ),
  rowByRow(
    "computes what only Python can",
    `
    conn = op.get_bind()
    for row in conn.execute(sa.text('SELECT * FROM "Scored"')).mappings().all():
        if row["c"] is None:
            continue
        if row["n"] > 10:
            conn.execute(sa.text('UPDATE "Scored" SET label = :l WHERE id = :i'), {"l": f"{row['a']:>10}", "i": row["id"]})`,
    /parameters\.append/,
  ),
  rowByRow(
    "goes over an empty table",
    `
    conn = op.get_bind()
    for i, a in conn.execute(sa.text("SELECT id, a FROM none")):
        conn.execute(sa.text("UPDATE none SET a = :a WHERE id = :i"), {"a": a.title(), "i": i})`,
    /if parameters:/,
  ),
];

const parked: readonly RefactoredMigration[] = [
  {
    name: "drops tables",
    refactoring: "park-dropped-table",
    at: "drop_table",
    given: shop,
    upgrade: `
    op.drop_table("lines")
    op.add_column("users", sa.Column("city", sa.Text()))
    op.execute("DROP TABLE orders")`,
    downgrade: `
    op.create_table("orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))
    op.create_index("ix_orders", "orders", ["user_id"])
    op.drop_column("users", "city")
    op.create_table("lines", sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id")))`,
    parts: 2,
    makes: /rename_table\("orders", "orders_parked"\)/,
  },
  {
    name: "drops columns with all that is on them",
    refactoring: "park-dropped-column",
    at: 'drop_column("price")',
    given: shop,
    upgrade: `
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("city", sa.Text()))
        batch_op.drop_column("price")
        batch_op.drop_column("email")
    op.execute("ALTER TABLE users DROP COLUMN age, DROP tags")`,
    downgrade: `
    op.execute("ALTER TABLE users ADD tags text[], ADD age smallint DEFAULT 18 CHECK (age > 0)")
    op.create_index("ix_age", "users", ["age"])
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_column("city")
        batch_op.add_column(sa.Column("price", sa.Numeric(10, 2)))
        batch_op.add_column(sa.Column("email", sa.String(200), server_default="it's: ''"))`,
    parts: 2,
    makes: /"email", new_column_name="email_parked", nullable=True/,
  },
];

const many = `
  CREATE TABLE people (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text, name text, age integer, score integer DEFAULT 0
  );
  INSERT INTO people (id, email, name, age)
  SELECT md5(n::text)::uuid, format('USER%s@Example.com', n), CASE WHEN n % 3 > 0 THEN 'Ö''Name "' || n END, n % 90
    FROM generate_series(1, 100) n;
  CREATE TABLE "Order Lines" ("order" text, n integer, price numeric, note text, PRIMARY KEY ("order", n));
  INSERT INTO "Order Lines" SELECT chr(65 + n % 26) || n % 4, n, n * 0.1, CASE WHEN n % 2 = 0 THEN 'x: y' END
    FROM generate_series(1, 100) n;
  CREATE TABLE empty (id int PRIMARY KEY, a int);
  CREATE TABLE names (name text PRIMARY KEY);
  INSERT INTO names SELECT DISTINCT name FROM people WHERE age < 10 AND name IS NOT NULL;
`;

const batches = (name: string, upgrade: string, makes: RegExp, parts = 1): RefactoredMigration => ({
  name,
  refactoring: "batch-data-change",
  given: many,
  upgrade,
  downgrade: "    pass",
  parts,
  makes,
  batchSize: 7,
});

const batched: readonly RefactoredMigration[] = [
  {
    ...batches(
      "sleeps between batches",
      `    op.execute("UPDATE people SET score = age WHERE age IS NOT NULL")`,
      /time\.sleep/,
    ),
    refactoring: "batch-with-pauses",
    batchSize: 40,
  },
  batches(
    "changes rows by a uuid, to NULL among others",
    `    op.execute("UPDATE people AS p SET name = NULL, email = lower(email) WHERE p.age > 20 OR p.age IS NULL")`,
    /p\.id < :high/,
  ),
  batches(
    "changes rows by a key of two columns, in SQL of several lines",
    `
    connection = op.get_bind()
    connection.execute(
        sa.text(
            """
            UPDATE public."Order Lines"
               SET note = 'a, b', price = n::numeric(10, 1) * 2 -- why
             WHERE n > 3;
            """
        )
    )`,
    /\("order", n\)|"order", public|low_1/,
  ),
  batches(
    "deletes rows, all of another table, and none of an empty one",
    `
    op.execute('DELETE FROM people WHERE age IN (SELECT n FROM "Order Lines")')
    op.execute('DELETE FROM "Order Lines"')
    op.execute("UPDATE empty SET a = 1")`,
    /mod\(row_number/,
  ),
  batches(
    "copies rows",
    `    op.execute("INSERT INTO names (name) SELECT p.name FROM people p WHERE p.name IS NOT NULL ON CONFLICT (name) DO NOTHING")`,
    /ON CONFLICT/,
  ),
  {
    ...batches(
      "passes over rows that others hold",
      `
    op.execute("UPDATE people AS p SET name = NULL, email = lower(email) WHERE p.age > 20 OR p.age IS NULL")
    op.execute('DELETE FROM "Order Lines" WHERE n < 50')
    op.execute("DELETE FROM empty")`,
      /SKIP LOCKED/,
    ),
    refactoring: "batch-past-locks",
  },
  batches(
    "changes rows by constructs",
    `
    people = sa.table("people", sa.column("id"), sa.column("name", sa.Text()), sa.column("email"), sa.column("age"))
    order_lines = sa.table("Order Lines", sa.column("order"), sa.column("n"), sa.column("note", sa.Text()), schema="public")
    op.execute(people.update().where(sa.or_(people.c.age > 20, people.c.age.is_(None))).values(name=None, email=sa.func.lower(people.c.email)))
    op.get_bind().execute(
        sa.update(order_lines)
        .where(order_lines.c.n > 3)
        .values({order_lines.c.note: "it's: %"})
    )
    statement = people.delete().where(people.c.age == 7)
    op.execute(statement)`,
    /statement\.where\(within\)[^]*\("order", n\)|"order", n/,
  ),
  batches(
    "copies rows by a construct",
    `
    from sqlalchemy.dialects.postgresql import insert

    people = sa.table("people", sa.column("id"), sa.column("name"))
    names = sa.table("names", sa.column("name"))
    op.execute(
        insert(names)
        .from_select(["name"], sa.select(people.c.name).where(people.c.name.is_not(None)))
        .on_conflict_do_nothing()
    )`,
    /\.where\(within\)\)/,
  ),
  {
    ...batches(
      "changes rows after its schema",
      `
    op.add_column("people", sa.Column("full_name", sa.Text()))
    op.execute("UPDATE people SET full_name = coalesce(name, email)")`,
      /BATCH_SIZE/,
      2,
    ),
    downgrade: `    op.drop_column("people", "full_name")`,
  },
  {
    name: "joins two columns",
    refactoring: "split-and-batch",
    given: many,
    upgrade: `
    op.add_column("people", sa.Column("label", sa.Text()))
    op.execute("UPDATE people SET label = coalesce(name, '?') || ' ' || coalesce(email, '')")
    op.drop_column("people", "email")
    op.alter_column("people", "label", nullable=False)`,
    downgrade: `
    op.add_column("people", sa.Column("email", sa.Text()))
    op.drop_column("people", "label")`,
    parts: 3,
    makes: /BATCH_SIZE/,
  },
];

const frozen: RefactoredMigration = {
  name: "queries through models",
  refactoring: "freeze-models",
  at: "query(",
  given: `${shop} ALTER TABLE users ALTER COLUMN seen DROP DEFAULT;`,
  module: "from sqlalchemy.orm import Session\n\nfrom app.models import Order, User\n",
  files: {
    "app/models.py": `import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id = mapped_column(sa.Integer, primary_key=True)
    email = mapped_column(sa.String(200))
    years = mapped_column("age", sa.SmallInteger, server_default="18")
    price = mapped_column(sa.Numeric(10, 2))
    tags = mapped_column(sa.ARRAY(sa.Text))
    feeling = mapped_column(sa.Enum("good", "it's bad", name="mood"))
    data = mapped_column(postgresql.JSONB)


class Order(Base):
    __tablename__ = "orders"
    id = mapped_column(sa.BigInteger, primary_key=True)
    user_id = mapped_column(sa.Integer)
    total = mapped_column(sa.Float)
`,
  },
  upgrade: `
    session = Session(bind=op.get_bind())
    n = session.query(User).filter(User.years > 5, User.email.like("%7@%")).update(
        {"feeling": "it's bad", User.data: {"a": [1, None]}}, synchronize_session=False
    )
    session.query(User).filter_by(feeling="it's bad", years=7).update({"price": User.price * 2})
    count = session.query(User).filter(User.tags.any("a")).count()
    session.add_all([Order(user_id=1, total=n + count), Order(user_id=2, total=0.5)])
    session.flush()
    session.query(Order).filter(Order.total < 1).delete(synchronize_session=False)
    session.add(User(email="new@x", price=3, tags=["b"], data={"x": "ö"}))
    session.commit()
    for id, years in session.query(User.id, User.years).filter(User.id < 3).order_by(User.id.desc()):
        session.execute(sa.insert(Order).values(user_id=id, total=years))
    op.bulk_insert(Order.__table__, [{"user_id": 5, "total": 1.25}])
    op.execute(sa.delete(User.__table__).where(User.__table__.c.id == 19))`,
  downgrade: `    op.execute("DELETE FROM users WHERE email = 'new@x'")`,
  parts: 1,
  makes:
    /users = sa.table\([^]*postgresql.ENUM[^]*session.execute\(sa.select\(sa.func.count\(\)\).select_from\(users\)/,
};

const interpolated: RefactoredMigration = {
  name: "puts values of rows into its SQL",
  refactoring: "bind-parameters",
  at: "UPDATE users",
  given: users,
  upgrade: `
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, email, name FROM users WHERE age > 30 ORDER BY id")).fetchall():
        connection.execute(
            sa.text(
                f"UPDATE users SET name = '{row.email.upper()}', age = {row.id} + 1"
                f" WHERE id = {row.id} AND email LIKE '{row.email[:6]}%%'"
            )
        )`,
  downgrade: "    pass",
  parts: 1,
  makes: /SET name = :email, age = :id \+ 1"\s*" WHERE id = :id AND email LIKE :email_2"\s*\),\s*\{/,
};

const generated: readonly RefactoredMigration[] = [
  branched,
  generates(
    "adds all kinds of things",
    `
    op.create_table("n", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("s", sa.Enum("a", "b", name="s")))
    op.add_column("users", sa.Column("city", sa.String(30), server_default="x", nullable=False))
    op.create_index("ix_city", "users", ["city"])
    op.create_foreign_key(None, "orders", "n", ["user_id"], ["id"])
    op.execute("ALTER TABLE orders ADD CHECK (total > 0)")
    op.create_check_constraint("ck_big", "users", "big > 0")
    with op.batch_alter_table("lines") as batch_op:
        batch_op.add_column(sa.Column("what", sa.Text()))
        batch_op.create_unique_constraint("uq_what", ["what"])`,
    /DROP TYPE s/,
  ),
  generates(
    "drops columns with all that is on them",
    `
    for name in ("seen", "price", "tags", "feeling", "note", "data", "age"):
        op.drop_column("users", name)`,
    /sa\.DateTime\(timezone=True\)/,
  ),
  generates(
    "drops tables",
    `
    op.drop_constraint("fk_order", "lines", type_="foreignkey")
    op.drop_table("orders")
    op.drop_table("lines")`,
    /op\.create_table\(/,
  ),
  generates(
    "alters and renames",
    `
    op.alter_column("users", "price", type_=sa.Numeric(12, 3))
    op.alter_column("users", "age", nullable=False, server_default=None)
    op.alter_column("users", "note", server_default=sa.text("'x'"))
    op.alter_column("users", "big", new_column_name="large")
    op.rename_table("lines", "rows")
    op.drop_index("ix_lower")
    op.drop_index("ix_age", "users")
    op.drop_constraint("once", "orders")
    op.execute("ALTER TYPE mood RENAME VALUE 'good' TO 'fine'")`,
    /new_column_name="big"/,
  ),
  generates(
    "adds values to an enum",
    `
    op.execute("ALTER TYPE mood ADD VALUE 'fine' BEFORE 'good'")
    op.execute("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'good'")
    op.add_column("orders", sa.Column("city", sa.Text()))`,
    /CREATE TYPE mood AS ENUM \('good', 'it''s bad'\)/,
  ),
  generates(
    "builds an index concurrently after another change",
    `
    op.add_column("orders", sa.Column("city", sa.Text()))
    with op.get_context().autocommit_block():
        op.create_index("ix_city", "orders", ["city"], postgresql_concurrently=True)`,
    /autocommit_block[^]*if_exists=True/,
  ),
];

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
    name: "builds an index in a batch block that does more",
    refactoring: "build-index-concurrently",
    at: "batch_op.create_index",
    given: users,
    upgrade: `
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_name"), ["name"], unique=False)
        batch_op.add_column(sa.Column("city", sa.Text()))
        batch_op.drop_column("age")
        batch_op.create_index(batch_op.f("ix_users_city"), ["city", "email"])`,
    downgrade: `
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_city"))
        batch_op.add_column(sa.Column("age", sa.Integer()))
        batch_op.drop_column("city")
        batch_op.drop_index(batch_op.f("ix_users_name"))`,
    parts: 2,
    makes: /batch_op\.create_index\(batch_op\.f\("ix_users_city"\), \["city", "email"\], postgresql_concurrently=True/,
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
  frozen,
  interpolated,
  {
    ...interpolated,
    name: "puts a list of ids into its SQL",
    at: "op.execute(",
    upgrade: `
    connection = op.get_bind()
    ids = [row[0] for row in connection.execute(sa.text("SELECT id FROM users WHERE age > 30")).fetchall()]
    op.execute("DELETE FROM users WHERE id IN (%s)" % ",".join(str(i) for i in ids))`,
    downgrade: `    op.execute("INSERT INTO users (email, age) SELECT 'x' || n, 50 FROM generate_series(1, 3) n")`,
    makes: /IN :ids"\).bindparams\(sa.bindparam\("ids", expanding=True\)\), \{"ids": ids\}/,
  },
  {
    name: "changes two tables that a foreign key connects",
    refactoring: "split-by-table",
    given: shop,
    upgrade: `
    op.add_column("users", sa.Column("code", sa.Integer()))
    op.add_column("lines", sa.Column("code", sa.Integer()))
    op.execute("UPDATE users SET code = id * 2")
    op.execute("INSERT INTO orders (user_id, total) SELECT id, 1 FROM users WHERE id < 4")
    op.execute("INSERT INTO lines (order_id, n, code) SELECT id, 1, 4 FROM orders")
    op.create_unique_constraint("uq_code", "users", ["code"])
    op.create_foreign_key("fk_code", "lines", "users", ["code"], ["code"])`,
    downgrade: `
    op.execute("DELETE FROM lines WHERE code = 4")
    op.drop_constraint("fk_code", "lines")
    op.drop_column("lines", "code")
    op.drop_constraint("uq_code", "users")
    op.drop_column("users", "code")`,
    parts: 3,
    makes: /\(orders\)|\(users\)/,
  },
  {
    name: "fills what is empty",
    refactoring: "add-row-count-checks",
    given: users,
    upgrade: `    op.execute("UPDATE users SET name = 'nobody' WHERE name IS NULL OR age IS NULL")`,
    downgrade: "    pass",
    parts: 1,
    makes: /if changed != expected:/,
  },
  {
    name: "deletes rows",
    refactoring: "add-row-count-checks",
    given: users,
    upgrade: `    op.get_bind().execute(sa.text("DELETE FROM users AS u WHERE u.age > 60"))`,
    downgrade: "    pass",
    parts: 1,
    makes: /or left != 0/,
  },
  {
    name: "speaks PostgreSQL",
    refactoring: "branch-by-dialect",
    given: users,
    upgrade: `    op.execute("UPDATE users SET name = split_part(email, '@', 1) || ' ' || id WHERE age > 60")`,
    downgrade: "    pass",
    parts: 1,
    makes: /SUBSTRING_INDEX\(email, '@', 1\)/,
  },
  ...generated,
  completed,
  ...validated,
  ...batched,
  ...staged,
  ...parked,
  ...twins,
  ...inRows,
];
