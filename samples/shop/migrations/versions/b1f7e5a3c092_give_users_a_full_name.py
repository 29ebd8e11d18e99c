"""Give users a full name

Revision ID: b1f7e5a3c092
Revises: 4c8d2e6f1a90
Create Date: 2025-09-15 13:24:56.081463

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "b1f7e5a3c092"
down_revision: str | Sequence[str] | None = "4c8d2e6f1a90"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    # Schema change
    op.add_column("users", sa.Column("full_name", sa.String(200)))

    # Data migration in the same step
    connection = op.get_bind()
    connection.execute(
        sa.text("UPDATE users SET full_name = first_name || ' ' || last_name")
    )

    # More schema changes
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")


def downgrade() -> None:
    """Downgrade schema."""
    op.add_column("users", sa.Column("last_name", sa.String(100)))
    op.add_column("users", sa.Column("first_name", sa.String(100)))
    op.drop_column("users", "full_name")
