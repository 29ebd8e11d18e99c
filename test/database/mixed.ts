/**
 * Mixed migrations of the kinds that real projects write, each with the tables and rows that it meets.
 * Bodies are Python, indented as they would stand in the function.
 */
export interface MixedMigration {
  readonly name: string;
  /** SQL that makes the tables and rows of the parent revision. */
  readonly given: string;
  /** Imports, constants and helpers beside `op` and `sa`. */
  readonly module?: string;
  /** Modules of the application, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly upgrade: string;
  /** `undefined`: the file has no downgrade(). */
  readonly downgrade?: string;
  /** Header in another style than Alembic's current template. */
  readonly header?: string;
  /**
   * How many revisions the split makes of it, the original included. "any": whether it can be cut at all is a matter
   * of taste; where it is cut, the outcome must be right like any other.
   */
  readonly parts: number | "any";
  /** The downgrade raises: nothing can be stepped down. */
  readonly irreversible?: true;
  /** Even the original's downgrade does not give the parent's schema back. */
  readonly lossy?: true;
  /**
   * The original's downgrade undoes the whole and has nothing for a part of it: what a later step makes NOT NULL, say,
   * goes with its column. Then a step down need not give the schema of that step, only the last one the parent's.
   */
  readonly undoneAsWhole?: true;
  /** Going down and up again does not give the same rows: what was there before is not known any more. */
  readonly notRepeatable?: true;
}

const users = `
  CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL, first_name varchar(100), last_name varchar(100), age integer, active boolean NOT NULL DEFAULT true
  );
  INSERT INTO users (email, first_name, last_name, age)
  SELECT format('user%s@example.com', n), 'First' || n, CASE WHEN n % 7 > 0 THEN 'Last' || n END, 10 + n % 70
    FROM generate_series(1, 50) n;
`;

const orders = `
  ${users}
  CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_email text, total numeric(10, 2), status text, placed_at timestamptz
  );
  INSERT INTO orders (user_email, total, status, placed_at)
  SELECT format('user%s@example.com', 1 + n % 50), n * 1.5, (array['open', 'paid', 'Shipped'])[1 + n % 3],
         timestamptz '2025-01-01 00:00+00' + n * interval '1 hour'
    FROM generate_series(1, 120) n;
`;

export const mixedMigrations: readonly MixedMigration[] = [
  {
    name: "adds a column, fills it and drops the old ones",
    given: users,
    upgrade: `
    # Schema change
    op.add_column("users", sa.Column("full_name", sa.String(200)))

    # Data migration in the same step -- holds table lock
    connection = op.get_bind()
    connection.execute(
        sa.text("UPDATE users SET full_name = first_name || ' ' || last_name")
    )

    # More schema changes while data is being migrated
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")`,
    downgrade: `
    op.add_column("users", sa.Column("last_name", sa.String(100)))
    op.add_column("users", sa.Column("first_name", sa.String(100)))
    op.drop_column("users", "full_name")`,
    parts: 3,
  },
  {
    name: "makes a column NOT NULL after it is filled",
    given: orders,
    upgrade: `
    op.add_column("orders", sa.Column("currency", sa.String(3)))
    op.execute("UPDATE orders SET currency = 'EUR'")
    op.alter_column("orders", "currency", existing_type=sa.String(3), nullable=False)`,
    downgrade: `
    op.drop_column("orders", "currency")`,
    parts: 3,
  },
  {
    name: "adds a column, gives it a default, fills it, then makes it NOT NULL",
    given: users,
    upgrade: `
    op.add_column("users", sa.Column("verified", sa.Boolean(), nullable=True))
    op.alter_column("users", "verified", server_default=sa.false())
    op.execute("""
        UPDATE users
        SET verified = false
        WHERE verified IS NULL
    """)
    op.alter_column("users", "verified", nullable=False)`,
    downgrade: `
    op.drop_column("users", "verified")`,
    parts: 3,
  },
  {
    name: "fills, then makes NOT NULL, then fills through the constraint",
    given: users,
    upgrade: `
    op.add_column("users", sa.Column("handle", sa.Text()))
    op.execute("UPDATE users SET handle = split_part(email, '@', 1)")
    op.create_unique_constraint("users_handle_key", "users", ["handle"])
    op.execute(
        "INSERT INTO users (email, handle) VALUES ('admin@example.com', 'admin') ON CONFLICT (handle) DO NOTHING"
    )`,
    downgrade: `
    op.execute("DELETE FROM users WHERE handle = 'admin'")
    op.drop_constraint("users_handle_key", "users", type_="unique")
    op.drop_column("users", "handle")`,
    parts: 4,
    notRepeatable: true,
  },
  {
    name: "replaces a column by one of another type under the same name, then uses it",
    given: orders,
    upgrade: `
    op.add_column("orders", sa.Column("total_cents", sa.BigInteger()))
    op.execute("UPDATE orders SET total_cents = (total * 100)::bigint")
    op.drop_column("orders", "total")
    op.alter_column("orders", "total_cents", new_column_name="total")
    op.execute("UPDATE orders SET total = 0 WHERE status = 'open'")`,
    downgrade: `
    op.alter_column("orders", "total", type_=sa.Numeric(10, 2), existing_type=sa.BigInteger())`,
    parts: "any",
    undoneAsWhole: true,
    notRepeatable: true,
  },
  {
    name: "removes duplicates before a unique index",
    given: `${users}
      INSERT INTO users (email, first_name) SELECT email, 'Copy' FROM users WHERE id <= 5;`,
    upgrade: `
    op.execute("DELETE FROM users a USING users b WHERE a.email = b.email AND a.id > b.id")
    op.create_index("ix_users_email", "users", ["email"], unique=True)`,
    downgrade: `
    op.drop_index("ix_users_email", table_name="users")`,
    parts: 2,
  },
  {
    name: "adds a foreign key after its column is filled",
    given: orders,
    upgrade: `
    op.add_column("orders", sa.Column("user_id", sa.BigInteger()))
    op.execute(
        sa.text("UPDATE orders SET user_id = users.id FROM users WHERE users.email = orders.user_email")
    )
    op.create_foreign_key("orders_user_id_fkey", "orders", "users", ["user_id"], ["id"])
    op.create_index("ix_orders_user_id", "orders", ["user_id"])
    op.alter_column("orders", "user_id", nullable=False)
    op.drop_column("orders", "user_email")`,
    downgrade: `
    op.add_column("orders", sa.Column("user_email", sa.Text()))
    op.execute("UPDATE orders SET user_email = users.email FROM users WHERE users.id = orders.user_id")
    op.drop_index("ix_orders_user_id", table_name="orders")
    op.drop_constraint("orders_user_id_fkey", "orders", type_="foreignkey")
    op.drop_column("orders", "user_id")`,
    parts: 3,
  },
  {
    name: "interleaves two tables that have nothing to do with each other",
    given: orders,
    upgrade: `
    op.add_column("users", sa.Column("adult", sa.Boolean()))
    op.execute("UPDATE users SET adult = age >= 18")
    op.drop_column("users", "age")

    op.add_column("orders", sa.Column("is_paid", sa.Boolean()))
    op.execute("UPDATE orders SET is_paid = status <> 'open'")
    op.drop_column("orders", "status")`,
    downgrade: `
    op.add_column("orders", sa.Column("status", sa.Text()))
    op.drop_column("orders", "is_paid")
    op.add_column("users", sa.Column("age", sa.Integer()))
    op.drop_column("users", "adult")`,
    parts: 3,
  },
  {
    name: "does its work in helper functions",
    given: users,
    module: `
COLUMN = "initials"


def add_initials() -> None:
    op.add_column("users", sa.Column(COLUMN, sa.String(2)))


def fill_initials(connection) -> None:
    """Two letters at most."""
    connection.execute(sa.text("UPDATE users SET initials = left(first_name, 1) || left(coalesce(last_name, ''), 1)"))
`,
    upgrade: `
    add_initials()
    fill_initials(op.get_bind())
    op.alter_column("users", COLUMN, nullable=False)`,
    downgrade: `
    op.drop_column("users", COLUMN)`,
    parts: 3,
  },
  {
    name: "uses batch blocks",
    given: users,
    upgrade: `
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("full_name", sa.String(length=200), nullable=True))
        batch_op.create_index("ix_users_full_name", ["full_name"], unique=False)

    op.execute("UPDATE users SET full_name = concat_ws(' ', first_name, last_name)")

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.alter_column("full_name", existing_type=sa.String(length=200), nullable=False)
        batch_op.drop_column("first_name")
        batch_op.drop_column("last_name")`,
    downgrade: `
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_name", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("first_name", sa.String(length=100), nullable=True))
        batch_op.drop_index("ix_users_full_name")
        batch_op.drop_column("full_name")`,
    parts: 3,
  },
  {
    name: "writes both halves as SQL",
    given: users,
    upgrade: `
    op.execute("ALTER TABLE users ADD COLUMN domain text")
    op.execute("UPDATE users SET domain = split_part(email, '@', 2)")
    op.execute("ALTER TABLE users ALTER COLUMN domain SET NOT NULL")
    op.execute("CREATE INDEX ix_users_domain ON users (domain)")`,
    downgrade: `
    op.execute("DROP INDEX ix_users_domain")
    op.execute("ALTER TABLE users DROP COLUMN domain")`,
    parts: 3,
  },
  {
    name: "writes both halves over one connection",
    given: users,
    upgrade: `
    connection = op.get_bind()
    connection.execute(sa.text("ALTER TABLE users ADD COLUMN decade integer"))
    connection.execute(sa.text("UPDATE users SET decade = age / 10 * 10"))
    connection.exec_driver_sql("ALTER TABLE users ADD CONSTRAINT users_decade_check CHECK (decade >= 0)")`,
    downgrade: `
    connection = op.get_bind()
    connection.execute(sa.text("ALTER TABLE users DROP CONSTRAINT users_decade_check"))
    connection.execute(sa.text("ALTER TABLE users DROP COLUMN decade"))`,
    parts: 3,
  },
  {
    name: "fills with Core expressions",
    given: users,
    module: `
users = sa.table(
    "users",
    sa.column("id", sa.BigInteger),
    sa.column("first_name", sa.String),
    sa.column("shout", sa.String),
)
`,
    upgrade: `
    op.add_column("users", sa.Column("shout", sa.String(100), nullable=True))
    op.execute(users.update().values(shout=sa.func.upper(users.c.first_name)))
    op.execute(users.update().where(users.c.shout.is_(None)).values(shout=op.inline_literal("")))
    op.alter_column("users", "shout", existing_type=sa.String(100), nullable=False)`,
    downgrade: `
    op.drop_column("users", "shout")`,
    parts: 3,
  },
  {
    name: "inserts rows into a table that exists",
    given: `
      CREATE TABLE roles (id integer PRIMARY KEY, name text NOT NULL);
      INSERT INTO roles VALUES (1, 'owner');`,
    upgrade: `
    op.add_column("roles", sa.Column("rank", sa.Integer(), server_default="0", nullable=False))
    roles = sa.table("roles", sa.column("id"), sa.column("name"), sa.column("rank"))
    op.bulk_insert(roles, [{"id": 2, "name": "editor", "rank": 10}, {"id": 3, "name": "reader", "rank": 20}])`,
    downgrade: `
    op.execute("DELETE FROM roles WHERE id IN (2, 3)")
    op.drop_column("roles", "rank")`,
    parts: 2,
  },
  {
    name: "fills a new lookup table, points at it and adds the key",
    given: orders,
    upgrade: `
    statuses = op.create_table(
        "statuses",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
    )
    op.bulk_insert(statuses, [{"id": 1, "name": "open"}, {"id": 2, "name": "paid"}, {"id": 3, "name": "shipped"}])
    op.add_column("orders", sa.Column("status_id", sa.Integer()))
    op.execute("UPDATE orders SET status_id = statuses.id FROM statuses WHERE statuses.name = lower(orders.status)")
    op.create_foreign_key("orders_status_id_fkey", "orders", "statuses", ["status_id"], ["id"])
    op.alter_column("orders", "status_id", nullable=False)
    op.drop_column("orders", "status")`,
    downgrade: `
    op.add_column("orders", sa.Column("status", sa.Text()))
    op.execute("UPDATE orders SET status = statuses.name FROM statuses WHERE statuses.id = orders.status_id")
    op.drop_constraint("orders_status_id_fkey", "orders", type_="foreignkey")
    op.drop_column("orders", "status_id")
    op.drop_table("statuses")`,
    parts: 3,
  },
  {
    name: "moves columns to a table of their own",
    given: users,
    upgrade: `
    op.create_table(
        "profiles",
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id", name="profiles_user_id_fkey"), primary_key=True),
        sa.Column("age", sa.Integer()),
    )
    op.execute("INSERT INTO profiles (user_id, age) SELECT id, age FROM users WHERE age IS NOT NULL")
    op.drop_column("users", "age")`,
    downgrade: `
    op.add_column("users", sa.Column("age", sa.Integer()))
    op.execute("UPDATE users SET age = profiles.age FROM profiles WHERE profiles.user_id = users.id")
    op.drop_table("profiles")`,
    parts: 3,
    undoneAsWhole: true,
  },
  {
    name: "loosens a check, changes the values, tightens it again",
    given: `${orders}
      UPDATE orders SET status = lower(status);
      ALTER TABLE orders ADD CONSTRAINT orders_status_check CHECK (status IN ('open', 'paid', 'shipped'));`,
    upgrade: `
    op.drop_constraint("orders_status_check", "orders", type_="check")
    op.execute("UPDATE orders SET status = 'sent' WHERE status = 'shipped'")
    op.create_check_constraint("orders_status_check", "orders", "status IN ('open', 'paid', 'sent')")`,
    downgrade: `
    op.drop_constraint("orders_status_check", "orders", type_="check")
    op.execute("UPDATE orders SET status = 'shipped' WHERE status = 'sent'")
    op.create_check_constraint("orders_status_check", "orders", "status IN ('open', 'paid', 'shipped')")`,
    parts: 3,
  },
  {
    name: "renames a column, then writes to it by its new name",
    given: users,
    upgrade: `
    op.alter_column("users", "first_name", new_column_name="given_name")
    op.execute("UPDATE users SET given_name = initcap(given_name)")`,
    downgrade: `
    op.alter_column("users", "given_name", new_column_name="first_name")`,
    parts: 2,
  },
  {
    name: "writes to a column, then renames it",
    given: users,
    upgrade: `
    op.execute("UPDATE users SET last_name = 'Unknown' WHERE last_name IS NULL")
    op.alter_column("users", "last_name", new_column_name="family_name", nullable=False)`,
    downgrade: `
    op.alter_column("users", "family_name", new_column_name="last_name", nullable=True)`,
    parts: 2,
  },
  {
    name: "renames a table, then fills a column of it",
    given: orders,
    upgrade: `
    op.rename_table("orders", "purchases")
    op.add_column("purchases", sa.Column("year", sa.Integer()))
    op.execute("UPDATE purchases SET year = extract(year FROM placed_at)")`,
    downgrade: `
    op.drop_column("purchases", "year")
    op.rename_table("purchases", "orders")`,
    parts: 2,
  },
  {
    name: "cleans values before it changes their type",
    given: `
      CREATE TABLE readings (id integer PRIMARY KEY, value text);
      INSERT INTO readings SELECT n, CASE WHEN n % 5 = 0 THEN 'n/a' ELSE n::text END FROM generate_series(1, 40) n;`,
    upgrade: `
    op.execute("UPDATE readings SET value = NULL WHERE value !~ '^[0-9]+$'")
    op.alter_column(
        "readings", "value", type_=sa.Integer(), existing_type=sa.Text(), postgresql_using="value::integer"
    )`,
    downgrade: `
    op.alter_column("readings", "value", type_=sa.Text(), existing_type=sa.Integer())`,
    parts: 2,
  },
  {
    name: "makes an enum type and converts to it",
    given: orders,
    module: `
from sqlalchemy.dialects import postgresql

state = postgresql.ENUM("open", "paid", "shipped", name="order_state", create_type=False)
`,
    upgrade: `
    state.create(op.get_bind(), checkfirst=True)
    op.add_column("orders", sa.Column("state", state))
    op.execute("UPDATE orders SET state = lower(status)::order_state")
    op.alter_column("orders", "state", nullable=False)
    op.drop_column("orders", "status")`,
    downgrade: `
    op.add_column("orders", sa.Column("status", sa.Text()))
    op.execute("UPDATE orders SET status = state::text")
    op.drop_column("orders", "state")
    state.drop(op.get_bind(), checkfirst=True)`,
    parts: 3,
    undoneAsWhole: true,
  },
  {
    name: "adds a value to an enum and uses it",
    given: `
      CREATE TYPE mood AS ENUM ('sad', 'ok');
      CREATE TABLE people (id integer PRIMARY KEY, mood mood);
      INSERT INTO people SELECT n, 'ok' FROM generate_series(1, 20) n;`,
    upgrade: `
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy'")
    op.execute("UPDATE people SET mood = 'happy' WHERE id % 2 = 0")`,
    downgrade: `
    op.execute("UPDATE people SET mood = 'ok' WHERE mood = 'happy'")`,
    parts: 2,
    lossy: true,
  },
  {
    name: "fills only on one dialect",
    given: users,
    upgrade: `
    bind = op.get_bind()
    op.add_column("users", sa.Column("shard", sa.Integer()))
    if bind.dialect.name == "postgresql":
        op.execute("UPDATE users SET shard = hashtext(email) % 4")
    op.create_index("ix_users_shard", "users", ["shard"])`,
    downgrade: `
    op.drop_index("ix_users_shard", table_name="users")
    op.drop_column("users", "shard")`,
    parts: 2,
  },
  {
    name: "reads rows in Python and writes them back, all between the schema changes",
    given: users,
    module: `
import hashlib
`,
    upgrade: `
    op.add_column("users", sa.Column("digest", sa.String(8)))
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, email FROM users ORDER BY id")).fetchall()
    for row in rows:
        digest = hashlib.sha256(row.email.encode()).hexdigest()[:8]
        connection.execute(
            sa.text("UPDATE users SET digest = :digest WHERE id = :id"),
            {"digest": digest, "id": row.id},
        )
    op.alter_column("users", "digest", existing_type=sa.String(8), nullable=False)`,
    downgrade: `
    op.drop_column("users", "digest")`,
    parts: 3,
  },
  {
    name: "keeps the key of a row that it inserts",
    given: users,
    upgrade: `
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
    )
    op.add_column("users", sa.Column("plan_id", sa.Integer()))
    connection = op.get_bind()
    plan = connection.execute(sa.text("INSERT INTO plans (name) VALUES ('free') RETURNING id")).scalar_one()
    connection.execute(sa.text("UPDATE users SET plan_id = :plan"), {"plan": plan})
    op.create_foreign_key("users_plan_id_fkey", "users", "plans", ["plan_id"], ["id"])`,
    downgrade: `
    op.drop_constraint("users_plan_id_fkey", "users", type_="foreignkey")
    op.drop_column("users", "plan_id")
    op.drop_table("plans")`,
    parts: 3,
    notRepeatable: true,
  },
  {
    name: "adds a column whose default points at a row inserted before",
    given: `${users}
      CREATE TABLE plans (id integer PRIMARY KEY, name text NOT NULL);`,
    upgrade: `
    op.execute("INSERT INTO plans (id, name) VALUES (1, 'free')")
    op.add_column("users", sa.Column("plan_id", sa.Integer(), server_default="1", nullable=False))
    op.create_foreign_key("users_plan_id_fkey", "users", "plans", ["plan_id"], ["id"])`,
    downgrade: `
    op.drop_constraint("users_plan_id_fkey", "users", type_="foreignkey")
    op.drop_column("users", "plan_id")
    op.execute("DELETE FROM plans WHERE id = 1")`,
    parts: 2,
  },
  {
    name: "reflects the table that it fills",
    given: users,
    upgrade: `
    op.add_column("users", sa.Column("login", sa.Text()))
    bind = op.get_bind()
    users = sa.Table("users", sa.MetaData(), autoload_with=bind)
    bind.execute(users.update().values(login=users.c.email))
    op.alter_column("users", "login", nullable=False)`,
    downgrade: `
    op.drop_column("users", "login")`,
    parts: 3,
  },
  {
    name: "fills through an ORM session",
    given: users,
    module: `
from sqlalchemy import orm
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "users"

    id = sa.Column(sa.BigInteger, primary_key=True)
    email = sa.Column(sa.Text)
    contact = sa.Column(sa.Text)
`,
    upgrade: `
    op.add_column("users", sa.Column("contact", sa.Text()))

    session = orm.Session(bind=op.get_bind())
    for user in session.query(User).order_by(User.id):
        user.contact = f"mailto:{user.email}"
    session.commit()

    op.alter_column("users", "contact", nullable=False)`,
    downgrade: `
    op.drop_column("users", "contact")`,
    parts: 3,
  },
  {
    name: "makes a trigger whose body writes, then fills",
    given: users,
    upgrade: `
    op.add_column("users", sa.Column("search", sa.Text()))
    op.execute("""
        CREATE FUNCTION users_search() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.search := lower(NEW.email);
            UPDATE pg_temp.nothing SET x = 1 WHERE false;
            RETURN NEW;
        EXCEPTION WHEN undefined_table THEN
            RETURN NEW;
        END $$
    """)
    op.execute("CREATE TRIGGER users_search BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION users_search()")
    op.execute("UPDATE users SET search = lower(email)")`,
    downgrade: `
    op.execute("DROP TRIGGER users_search ON users")
    op.execute("DROP FUNCTION users_search()")
    op.drop_column("users", "search")`,
    parts: 2,
  },
  {
    name: "takes a view away, rewrites what it reads and puts it back",
    given: `${users}
      CREATE VIEW adults AS SELECT id, email, age FROM users WHERE age >= 18;`,
    upgrade: `
    op.execute("DROP VIEW adults")
    op.add_column("users", sa.Column("born", sa.Integer()))
    op.execute("UPDATE users SET born = 2025 - age")
    op.drop_column("users", "age")
    op.execute("CREATE VIEW adults AS SELECT id, email, born FROM users WHERE born <= 2007")`,
    downgrade: `
    op.execute("DROP VIEW adults")
    op.add_column("users", sa.Column("age", sa.Integer()))
    op.execute("UPDATE users SET age = 2025 - born")
    op.drop_column("users", "born")
    op.execute("CREATE VIEW adults AS SELECT id, email, age FROM users WHERE age >= 18")`,
    parts: 3,
  },
  {
    name: "builds an index concurrently after the fill",
    given: orders,
    upgrade: `
    op.add_column("orders", sa.Column("day", sa.Date()))
    op.execute("UPDATE orders SET day = (placed_at AT TIME ZONE 'UTC')::date")
    with op.get_context().autocommit_block():
        op.create_index("ix_orders_day", "orders", ["day"], postgresql_concurrently=True)`,
    downgrade: `
    op.drop_index("ix_orders_day", table_name="orders")
    op.drop_column("orders", "day")`,
    parts: 3,
  },
  {
    name: "sets a lock timeout for its transaction",
    given: users,
    upgrade: `
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("users", sa.Column("locale", sa.String(5)))
    op.execute("UPDATE users SET locale = 'en'")
    op.alter_column("users", "locale", nullable=False)`,
    downgrade: `
    op.drop_column("users", "locale")`,
    parts: 3,
  },
  {
    name: "takes names and statements from constants",
    given: users,
    module: `
TABLE = "users"
COLUMN = "bracket"
FILL = (
    "UPDATE users "
    "SET bracket = CASE WHEN age < 18 THEN 'minor' WHEN age < 65 THEN 'adult' ELSE 'senior' END"
)
`,
    upgrade: `
    op.add_column(TABLE, sa.Column(COLUMN, sa.Text()))
    op.execute(FILL)
    op.execute(f"UPDATE {TABLE} SET {COLUMN} = 'unknown' WHERE {COLUMN} IS NULL")
    op.alter_column(TABLE, COLUMN, nullable=False)`,
    downgrade: `
    op.drop_column(TABLE, COLUMN)`,
    parts: 3,
  },
  {
    name: "imports the directives by name",
    given: users,
    module: `
from alembic.op import add_column, alter_column, drop_column, execute
`,
    upgrade: `
    add_column("users", sa.Column("nick", sa.Text()))
    execute("UPDATE users SET nick = first_name WHERE first_name LIKE 'First1%'")
    execute("UPDATE users SET nick = '' WHERE nick IS NULL")
    alter_column("users", "nick", nullable=False)`,
    downgrade: `
    drop_column("users", "nick")`,
    parts: 3,
  },
  {
    name: "has nothing to undo",
    given: users,
    upgrade: `
    op.add_column("users", sa.Column("region", sa.Text()))
    op.execute("UPDATE users SET region = 'EU'")
    op.alter_column("users", "region", nullable=False)`,
    downgrade: `
    pass`,
    parts: 3,
    irreversible: true,
  },
  {
    name: "refuses to be undone",
    given: users,
    upgrade: `
    op.add_column("users", sa.Column("region", sa.Text()))
    op.execute("UPDATE users SET region = 'EU'")
    op.drop_column("users", "age")`,
    downgrade: `
    raise NotImplementedError("ages are gone")`,
    parts: 3,
    irreversible: true,
  },
  {
    name: "has no downgrade at all",
    given: users,
    upgrade: `
    op.add_column("users", sa.Column("region", sa.Text()))
    op.execute("UPDATE users SET region = 'EU'")`,
    parts: 2,
    irreversible: true,
  },
  {
    name: "has an old header, a branch label and numbers for ids",
    given: users,
    header: `
revision = '0002'
down_revision = '0001'
branch_labels = ('people',)
depends_on = None
`,
    upgrade: `
    op.add_column('users', sa.Column('title', sa.Unicode(20)))
    op.execute("UPDATE users SET title = 'Dr.' WHERE age > 60")
    op.drop_column('users', 'active')`,
    downgrade: `
    op.add_column('users', sa.Column('active', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.drop_column('users', 'title')`,
    parts: 3,
  },
  {
    name: "does the same to several tables in a loop",
    given: orders,
    upgrade: `
    for table in ("users", "orders"):
        op.add_column(table, sa.Column("tenant", sa.Integer()))
        op.execute(f"UPDATE {table} SET tenant = 1")
        op.alter_column(table, "tenant", nullable=False)`,
    downgrade: `
    for table in ("users", "orders"):
        op.drop_column(table, "tenant")`,
    parts: 3,
    undoneAsWhole: true,
  },
  {
    name: "looks before it adds",
    given: users,
    upgrade: `
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("users")]
    if "score" not in columns:
        op.add_column("users", sa.Column("score", sa.Integer()))
        op.execute("UPDATE users SET score = age * 2")
    op.create_index("ix_users_score", "users", ["score"])`,
    downgrade: `
    op.drop_index("ix_users_score", table_name="users")
    op.drop_column("users", "score")`,
    parts: "any",
  },
  {
    name: "sets a sequence after it inserts rows with keys of their own",
    given: `
      CREATE TABLE cities (id serial PRIMARY KEY, name text NOT NULL);
      INSERT INTO cities (name) VALUES ('Berlin'), ('Lyon');`,
    upgrade: `
    op.add_column("cities", sa.Column("country", sa.String(2)))
    op.execute("INSERT INTO cities (id, name, country) VALUES (10, 'Turin', 'IT'), (11, 'Gdansk', 'PL')")
    op.execute("SELECT setval('cities_id_seq', (SELECT max(id) FROM cities))")
    op.execute("UPDATE cities SET country = 'XX' WHERE country IS NULL")
    op.alter_column("cities", "country", nullable=False)`,
    downgrade: `
    op.execute("DELETE FROM cities WHERE id IN (10, 11)")
    op.drop_column("cities", "country")`,
    parts: 3,
    undoneAsWhole: true,
  },
];

/** What no cut can keep right: the reason must be said, and nothing be written. */
export const refusedMigrations: readonly Omit<MixedMigration, "parts">[] = [
  {
    name: "carries rows in Python across a schema change",
    given: users,
    upgrade: `
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, age FROM users")).all()
    op.drop_column("users", "age")
    op.create_table("ages", sa.Column("user_id", sa.BigInteger(), primary_key=True), sa.Column("age", sa.Integer()))
    for user_id, age in rows:
        connection.execute(
            sa.text("INSERT INTO ages (user_id, age) VALUES (:user_id, :age)"), {"user_id": user_id, "age": age}
        )`,
    downgrade: `
    op.drop_table("ages")
    op.add_column("users", sa.Column("age", sa.Integer()))`,
  },
  {
    name: "does both in a loop over what the database says",
    given: users,
    upgrade: `
    connection = op.get_bind()
    for (name,) in connection.execute(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all():
        if name != "alembic_version":
            op.add_column(name, sa.Column("tenant", sa.Integer()))
            op.execute(f"UPDATE {name} SET tenant = 1")`,
    downgrade: `
    op.drop_column("users", "tenant")`,
  },
];
