/**
 * The code of the five documents that Retort was made from, the wrong and the recommended blocks, as revisions: each
 * block on its own is the last member, or the last ones, behind a revision that makes the tables it speaks of.
 */

export const users = (...columns: readonly string[]): string => `-- versions/0001_tables.py --
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
${columns.map((column) => `    ${column},\n`).join("")})
`;

const column = (name: string, type: string): string => `sa.Column("${name}", sa.${type})`;
const names = users(column("first_name", "String(100)"), column("last_name", "String(100)"));

/** "Separate Schema Migrations from Data Migrations" */
export const separate = {
  mixed: `${names}-- versions/0002_mixed.py --
def upgrade() -> None:
    # Schema change
    op.add_column("users", sa.Column("full_name", sa.String(200)))

    # Data migration in the same step -- holds table lock
    connection = op.get_bind()
    connection.execute(
        sa.text("UPDATE users SET full_name = first_name || ' ' || last_name")
    )

    # More schema changes while data is being migrated
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")
`,
  apart: `${names}-- versions/0002_add.py --
def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.String(200)))

def downgrade() -> None:
    op.drop_column("users", "full_name")
-- versions/0003_backfill.py --
def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(
        sa.text("UPDATE users SET full_name = first_name || ' ' || last_name")
    )

def downgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE users SET full_name = NULL"))
-- versions/0004_drop.py --
def upgrade() -> None:
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")

def downgrade() -> None:
    op.add_column("users", sa.Column("last_name", sa.String(100)))
    op.add_column("users", sa.Column("first_name", sa.String(100)))
`,
};

/** "Data Migrations: Transform Data During Schema Changes" */
export const transform = {
  splitName: `${users(column("full_name", "String(100)"))}-- versions/0005_split_full_name.py --
def upgrade():
    # Step 1: Add new columns (nullable initially)
    op.add_column('users', sa.Column('first_name', sa.String(50)))
    op.add_column('users', sa.Column('last_name', sa.String(50)))

    # Step 2: Populate from existing data
    op.execute("""
        UPDATE users
        SET first_name = SUBSTRING_INDEX(full_name, ' ', 1),
            last_name = SUBSTRING_INDEX(full_name, ' ', -1)
        WHERE full_name IS NOT NULL
    """)

    # Step 3: Add constraints now that data is populated
    op.alter_column('users', 'first_name', nullable=False)
    op.alter_column('users', 'last_name', nullable=False)
    op.drop_column('users', 'full_name')

def downgrade():
    # Reverse: add full_name, merge first/last, drop new columns
    op.add_column('users', sa.Column('full_name', sa.String(100)))
    op.execute("""
        UPDATE users
        SET full_name = CONCAT(first_name, ' ', last_name)
    """)
    op.alter_column('users', 'full_name', nullable=False)
    op.drop_column('users', 'first_name')
    op.drop_column('users', 'last_name')
`,
  createdYear: `${users(column("created_at", "DateTime()"))}-- versions/0006_add_created_year.py --
def upgrade():
    op.add_column('users', sa.Column('created_year', sa.Integer))

    # Populate with the year extracted from created_at
    op.execute("""
        UPDATE users
        SET created_year = EXTRACT(YEAR FROM created_at)
    """)

    op.alter_column('users', 'created_year', nullable=False)

def downgrade():
    op.drop_column('users', 'created_year')
`,
  customerName: `-- versions/0001_tables.py --
op.create_table("customers", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(100)))
op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("customer_id", sa.Integer()))
-- versions/0007_denormalize_customer_name.py --
def upgrade():
    op.add_column('orders', sa.Column('customer_name', sa.String(100)))

    # Join and copy
    op.execute("""
        UPDATE orders
        SET customer_name = (
            SELECT customers.name
            FROM customers
            WHERE customers.id = orders.customer_id
        )
    """)

    op.alter_column('orders', 'customer_name', nullable=False)

def downgrade():
    op.drop_column('orders', 'customer_name')
`,
  ageGroup: `${users(column("age", "Integer()"))}-- versions/0008_categorize_users_by_age.py --
def upgrade():
    op.add_column('users', sa.Column('age_group', sa.String(20)))

    op.execute("""
        UPDATE users
        SET age_group = CASE
            WHEN age < 18 THEN 'minor'
            WHEN age < 65 THEN 'adult'
            ELSE 'senior'
        END
    """)

    op.alter_column('users', 'age_group', nullable=False)

def downgrade():
    op.drop_column('users', 'age_group')
`,
  score: `${users(column("posts_count", "Integer()"), column("comments_count", "Integer()"), column("followers_count", "Integer()"))}-- versions/0009_compute_user_score.py --
from sqlalchemy import text

def upgrade():
    op.add_column('users', sa.Column('score', sa.Float))

    # Get a database connection
    connection = op.get_bind()

    # Fetch all user rows
    result = connection.execute(text("""
        SELECT id, posts_count, comments_count, followers_count FROM users
    """))

    rows = result.fetchall()

    # Compute score for each user and update
    for user_id, posts, comments, followers in rows:
        score = (posts * 10) + (comments * 5) + (followers * 20)
        connection.execute(text("""
            UPDATE users SET score = :score WHERE id = :id
        """), {"score": score, "id": user_id})

    op.alter_column('users', 'score', nullable=False)

def downgrade():
    op.drop_column('users', 'score')
`,
  batched: `-- versions/0001_tables.py --
op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0010_backfill_status_batched.py --
from sqlalchemy import text

def upgrade():
    op.add_column('orders', sa.Column('status', sa.String(20)))

    connection = op.get_bind()

    # Process 1000 rows at a time
    batch_size = 1000
    while True:
        result = connection.execute(text("""
            SELECT id FROM orders
            WHERE status IS NULL
            LIMIT :limit
        """), {"limit": batch_size})

        ids = [row[0] for row in result.fetchall()]
        if not ids:
            break

        # Update this batch
        placeholders = ','.join([str(id_) for id_ in ids])
        connection.execute(text(f"""
            UPDATE orders
            SET status = 'processed'
            WHERE id IN ({placeholders})
        """))

def downgrade():
    op.drop_column('orders', 'status')
`,
  checked: `${users(column("status", "String(20)"))}-- versions/0002_checked.py --
from sqlalchemy import text

def upgrade():
    connection = op.get_bind()

    # Check: count rows before
    before = connection.execute(text("SELECT COUNT(*) FROM users WHERE status IS NULL")).scalar()
    print(f"Rows to update: {before}")

    # Do the update
    op.execute("""
        UPDATE users SET status = 'active' WHERE status IS NULL
    """)

    # Check: count rows after
    after = connection.execute(text("SELECT COUNT(*) FROM users WHERE status IS NULL")).scalar()
    print(f"Rows remaining null: {after}")

    # Verify: spot-check some rows
    result = connection.execute(text("SELECT id, status FROM users LIMIT 5"))
    for row in result:
        print(f"User {row[0]}: status={row[1]}")
`,
};

const upgradeEnum = `def upgrade_enum(
    op,
    table: str,
    column: str,
    enum_name: str,
    old_options: list[str],
    new_options: list[str],
    old_to_new_mapping: dict[str, str] | None = None,
):
    tmp_name = f"tmp_{enum_name}"
    tmp_options = set([*old_options, *new_options])

    old_type = sa.Enum(*old_options, name=enum_name)
    new_type = sa.Enum(*new_options, name=enum_name)
    tmp_type = sa.Enum(*tmp_options, name=tmp_name)

    # Step 1: Create a temporary enum type with all options
    tmp_type.create(op.get_bind(), checkfirst=False)

    # Step 2: Alter the column to use the temporary enum
    op.execute(
        f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {tmp_name} USING {column}::text::{tmp_name}"
    )

    # Step 3: Optionally convert old values to new values
    if old_to_new_mapping:
        for old, new in old_to_new_mapping.items():
            op.execute(f"UPDATE {table} SET {column}='{new}' WHERE {column}='{old}'")

    # Step 4: Drop old enum type and create new one
    old_type.drop(op.get_bind(), checkfirst=False)
    new_type.create(op.get_bind(), checkfirst=False)

    # Step 5: Migrate from temporary enum to new enum
    op.execute(
        f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {enum_name} USING {column}::text::{enum_name}"
    )

    # Step 6: Drop the temporary enum type
    tmp_type.drop(op.get_bind(), checkfirst=False)
`;

const callsUpgradeEnum = `def upgrade():
    upgrade_enum(
        op=op,
        table="tasks",
        column="status",
        enum_name="status",
        old_options=["todo", "in_progress", "done"],
        new_options=["pending", "active", "complete"],
        old_to_new_mapping={
            "todo": "pending",
            "in_progress": "active",
            "done": "complete"
        }
    )
`;

const tasks = `-- versions/0001_tables.py --
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("status", sa.Enum("todo", "in_progress", "done", name="status")),
)
`;

/** "Handling Data in Alembic Migrations When Schema Changes Aren't Enough" */
export const handling = {
  addPremium: `${users()}-- versions/0002_premium.py --
op.add_column('users', sa.Column('is_premium', sa.Boolean(), nullable=True))
`,
  premium: `${users()}-- versions/0002_orders.py --
op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("user_id", sa.Integer()))
-- versions/0003_premium.py --
from sqlalchemy.sql import table, column, text
from sqlalchemy import Boolean, Integer

def upgrade():
    # Step 1: Add the column
    op.add_column('users', sa.Column('is_premium', sa.Boolean(), nullable=True))

    # Step 2: Fill in existing data
    op.execute("""
        UPDATE users
        SET is_premium = TRUE
        WHERE id IN (
            SELECT user_id FROM orders
            GROUP BY user_id
            HAVING COUNT(*) > 10
        )
    """)

    # Step 3: Make it NOT NULL (optional)
    op.alter_column('users', 'is_premium', nullable=False, server_default='FALSE')
`,
  renameValue: `${tasks}-- versions/0002_rename.py --
op.execute("ALTER TYPE status RENAME VALUE 'todo' TO 'pending';")
`,
  /** The helper stands in the revision. */
  enumHelper: `${tasks}-- versions/0002_enum.py --
from alembic import op
import sqlalchemy as sa

${upgradeEnum}

${callsUpgradeEnum}`,
  /** The helper is the application's, as the document has it. */
  enumImported: `${tasks}-- versions/0002_enum.py --
from alembic import op
import sqlalchemy as sa
from myapp.utils import upgrade_enum

${callsUpgradeEnum}`,
  json: `${users(column("settings", "JSON()"))}-- versions/0002_settings.py --
op.add_column('users', sa.Column('email_notifications', sa.Boolean()))
op.add_column('users', sa.Column('dark_mode', sa.Boolean()))

op.execute("""
    UPDATE users
    SET email_notifications = (settings->>'email_notifications')::boolean,
        dark_mode = (settings->>'dark_mode')::boolean
""")
`,
  role: `${users(column("role", "String(20)"))}-- versions/0002_role.py --
op.execute("UPDATE users SET role = 'admin' WHERE role = 'superuser'")
`,
};

const orders = (...columns: readonly string[]): string => users(...columns).replace('"users"', '"orders"');

/** "Database Migration Patterns" */
export const patterns = {
  template: `-- versions/0001_initial.py --
op.execute("CREATE EXTENSION IF NOT EXISTS pgcrypto")
-- versions/0002_add_users_table.py --
"""Add users table

Revision ID: 002
Revises: 0001
Create Date: 2024-01-15 10:00:00.000000
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers
revision = '002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'users',
        sa.Column('id', postgresql.UUID(as_uuid=True), primary_key=True),
        sa.Column('email', sa.String(255), nullable=False),
        sa.Column('name', sa.String(255), nullable=True),
        sa.Column('status', sa.String(50), nullable=False, server_default='pending'),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column('updated_at', sa.DateTime(timezone=True), onupdate=sa.func.now()),
    )

    op.create_index('ix_users_email', 'users', ['email'], unique=True)
    op.create_index('ix_users_status', 'users', ['status'])


def downgrade() -> None:
    op.drop_index('ix_users_status')
    op.drop_index('ix_users_email')
    op.drop_table('users')
`,
  expand: `${users(column("email", "String(255)"))}-- versions/0002_step1.py --
op.add_column('users', sa.Column('email_new', sa.String(255), nullable=True))
-- versions/0003_backfill.py --
connection = op.get_bind()
connection.execute("""
    UPDATE users
    SET email_new = email
    WHERE email_new IS NULL
    LIMIT 10000
""")
-- versions/0004_step3.py --
op.alter_column('users', 'email_new', nullable=False)
op.drop_column('users', 'email')
op.alter_column('users', 'email_new', new_column_name='email')
`,
  directRename: `${users(column("username", "String(255)"))}-- versions/0002_rename.py --
op.alter_column('users', 'username', new_column_name='email')
`,
  rename: `${users(column("username", "String(255)"))}-- versions/0002_email.py --
def upgrade():
    # 1. Add new column
    op.add_column('users', sa.Column('email', sa.String(255)))

    # 2. Create trigger to sync data (PostgreSQL)
    op.execute("""
        CREATE OR REPLACE FUNCTION sync_username_to_email()
        RETURNS TRIGGER AS $$
        BEGIN
            NEW.email = NEW.username;
            RETURN NEW;
        END;
        $$ LANGUAGE plpgsql;

        CREATE TRIGGER sync_username_email
        BEFORE INSERT OR UPDATE ON users
        FOR EACH ROW EXECUTE FUNCTION sync_username_to_email();
    """)

    # 3. Backfill existing data
    op.execute("UPDATE users SET email = username WHERE email IS NULL")
-- versions/0003_cleanup.py --
op.execute("DROP TRIGGER sync_username_email ON users")
op.execute("DROP FUNCTION sync_username_to_email()")
op.drop_column('users', 'username')
`,
  index: `${users(column("email", "String(255)"))}-- versions/0002_index.py --
def upgrade():
    # Create index concurrently to avoid locking
    op.execute("""
        CREATE INDEX CONCURRENTLY ix_users_email
        ON users (email)
    """)

def downgrade():
    op.execute("DROP INDEX CONCURRENTLY ix_users_email")
`,
  notNull: `${users()}-- versions/0002_verified.py --
def upgrade():
    # 1. Add column as nullable
    op.add_column('users', sa.Column('verified', sa.Boolean(), nullable=True))

    # 2. Set default for new rows
    op.alter_column('users', 'verified', server_default=sa.false())

    # 3. Backfill existing rows (in batches for large tables)
    op.execute("""
        UPDATE users
        SET verified = false
        WHERE verified IS NULL
    """)

    # 4. Add NOT NULL constraint
    op.alter_column('users', 'verified', nullable=False)
`,
  batches: `${users(column("old_column", "Text()"), column("new_column", "Text()"))}-- versions/0002_batches.py --
from alembic import op
import time
from sqlalchemy import text

def backfill_in_batches(connection, batch_size=10000):
    """Backfill data in batches to avoid long locks."""
    while True:
        result = connection.execute(text("""
            UPDATE users
            SET new_column = old_column
            WHERE id IN (
                SELECT id FROM users
                WHERE new_column IS NULL
                LIMIT :batch_size
                FOR UPDATE SKIP LOCKED
            )
            RETURNING id
        """), {"batch_size": batch_size})

        updated = result.rowcount
        connection.commit()

        if updated == 0:
            break

        print(f"Updated {updated} rows")
        time.sleep(0.1)  # Small delay to reduce load

def upgrade():
    backfill_in_batches(op.get_bind())
`,
  totals: `${orders(column("total", "Numeric()"))}-- versions/0002_total_cents.py --
op.add_column('orders', sa.Column('total_cents', sa.BigInteger()))
-- versions/0003_migrate_order_totals.py --
from alembic import op
from sqlalchemy import text

def upgrade():
    """Convert total from dollars to cents."""
    engine = op.get_bind().engine
    with engine.connect() as conn:
        while True:
            result = conn.execute(text("""
                UPDATE orders
                SET total_cents = total * 100
                WHERE total_cents IS NULL
                AND id IN (
                    SELECT id FROM orders
                    WHERE total_cents IS NULL
                    LIMIT 5000
                )
            """))

            if result.rowcount == 0:
                break

            conn.commit()
`,
  foreignKey: `${orders(column("legacy_user_id", "Integer()"))}-- versions/0002_users.py --
op.create_table("users", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("legacy_id", sa.Integer()))
-- versions/0003_user_id.py --
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

def upgrade():
    # 1. Add column without constraint
    op.add_column('orders',
        sa.Column('user_id', postgresql.UUID(), nullable=True)
    )

    # 2. Backfill data
    op.execute("""
        UPDATE orders o
        SET user_id = (
            SELECT id FROM users u
            WHERE u.legacy_id = o.legacy_user_id
        )
    """)

    # 3. Add constraint with NOT VALID (PostgreSQL)
    op.execute("""
        ALTER TABLE orders
        ADD CONSTRAINT fk_orders_user_id
        FOREIGN KEY (user_id) REFERENCES users(id)
        NOT VALID
    """)

    # 4. Validate constraint in background
    op.execute("""
        ALTER TABLE orders
        VALIDATE CONSTRAINT fk_orders_user_id
    """)
`,
  additive: `${users()}-- versions/0002_additive.py --
def upgrade():
    op.add_column('users', sa.Column('new_column', sa.Text()))

def downgrade():
    # For additive changes, downgrade is straightforward
    op.drop_column('users', 'new_column')
`,
  backup: `-- versions/0001_tables.py --
op.create_table("old_table", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_backup.py --
def upgrade():
    # Rename instead of drop
    op.rename_table('old_table', '_old_table_backup')

def downgrade():
    op.rename_table('_old_table_backup', 'old_table')
`,
};

/** "Schema changes are scary. Here's how to make them routine." */
export const routine = {
  addColumn: `${users()}-- versions/0002_email.py --
def upgrade():
    op.add_column("users", sa.Column("email", sa.String(255), nullable=True))

def downgrade():
    op.drop_column("users", "email")
`,
  withDefault: `${users()}-- versions/0002_status.py --
def upgrade():
    # Add nullable first
    op.add_column("users", sa.Column("status", sa.String(20), nullable=True))
    # Backfill
    op.execute("UPDATE users SET status = 'active' WHERE status IS NULL")
    # Then make not-null
    op.alter_column("users", "status", nullable=False)
`,
  rename: `${users(column("name", "String(255)"))}-- versions/0002_add.py --
def upgrade():
    op.add_column("users", sa.Column("full_name", sa.String(255)))
    op.execute("UPDATE users SET full_name = name")
-- versions/0003_drop.py --
def upgrade():
    op.drop_column("users", "name")
`,
  type: `${orders(column("total_dollars", "Numeric()"))}-- versions/0002_add.py --
def upgrade():
    op.add_column("orders", sa.Column("total_cents", sa.BigInteger()))
    op.execute("UPDATE orders SET total_cents = total_dollars * 100")
-- versions/0003_drop.py --
def upgrade():
    op.drop_column("orders", "total_dollars")
`,
  lockingIndex: `${orders(column("user_id", "Integer()"))}-- versions/0002_index.py --
# Bad: locks table
op.create_index("ix_orders_user_id", "orders", ["user_id"])
`,
  concurrentIndex: `${orders(column("user_id", "Integer()"))}-- versions/0002_index.py --
# Good: concurrent index (PostgreSQL)
op.execute("CREATE INDEX CONCURRENTLY ix_orders_user_id ON orders (user_id)")
`,
  hugeUpdate: `${orders(column("status", "String(20)"))}-- versions/0002_huge.py --
# Bad: one huge update
op.execute("UPDATE orders SET status = 'pending' WHERE status IS NULL")
`,
  batchedUpdate: `${orders(column("status", "String(20)"))}-- versions/0002_batched.py --
from alembic import op
from sqlalchemy import text

def upgrade():
    # Good: batched updates
    connection = op.get_bind()
    while True:
        result = connection.execute(text("""
            UPDATE orders SET status = 'pending'
            WHERE id IN (SELECT id FROM orders WHERE status IS NULL LIMIT 1000)
        """))
        if result.rowcount == 0:
            break
`,
};

/** What is no revision. */
export const testing = {
  "a test of all migrations": `import pytest
from alembic.config import Config
from alembic import command

@pytest.fixture
def alembic_config():
    config = Config("alembic.ini")
    return config

def test_upgrade_downgrade(alembic_config, test_database):
    """Test that all migrations can upgrade and downgrade."""
    # Upgrade to head
    command.upgrade(alembic_config, "head")

    # Downgrade to base
    command.downgrade(alembic_config, "base")

    # Upgrade again
    command.upgrade(alembic_config, "head")

def test_migration_is_reversible(alembic_config, test_database):
    """Test each migration individually."""
    revisions = get_all_revisions()

    for rev in revisions:
        command.upgrade(alembic_config, rev)
        command.downgrade(alembic_config, "-1")
        command.upgrade(alembic_config, rev)
`,
  "a test that looks at the schema": `def test_migration_upgrade():
    # Start with clean DB
    alembic.command.upgrade(config, "head")

    # Verify schema
    inspector = inspect(engine)
    columns = [c["name"] for c in inspector.get_columns("users")]
    assert "email" in columns

def test_migration_downgrade():
    alembic.command.upgrade(config, "head")
    alembic.command.downgrade(config, "-1")

    # Verify rollback
    inspector = inspect(engine)
    columns = [c["name"] for c in inspector.get_columns("users")]
    assert "email" not in columns
`,
  "a function that is only shown": `def run_data_migration():
    """Convert total from dollars to cents."""
    with engine.connect() as conn:
        while True:
            result = conn.execute(text("""
                UPDATE orders
                SET total_cents = total * 100
                WHERE total_cents IS NULL
                AND id IN (
                    SELECT id FROM orders
                    WHERE total_cents IS NULL
                    LIMIT 5000
                )
            """))

            if result.rowcount == 0:
                break

            conn.commit()
`,
} as const;
