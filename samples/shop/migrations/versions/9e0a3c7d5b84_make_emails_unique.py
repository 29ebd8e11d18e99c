"""Make e-mails unique

Revision ID: 9e0a3c7d5b84
Revises: 68b4d1f3e9a2
Create Date: 2025-01-20 09:31:17.773042

"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "9e0a3c7d5b84"
down_revision: str | Sequence[str] | None = "68b4d1f3e9a2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    with op.get_context().autocommit_block():
        op.execute("CREATE UNIQUE INDEX CONCURRENTLY ix_users_email ON users (lower(email))")


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index("ix_users_email", table_name="users")
