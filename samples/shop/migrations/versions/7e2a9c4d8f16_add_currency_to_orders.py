"""Add currency to orders

Revision ID: 7e2a9c4d8f16
Revises: b1f7e5a3c092
Create Date: 2025-10-01 09:41:33.592708

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "7e2a9c4d8f16"
down_revision: str | Sequence[str] | None = "b1f7e5a3c092"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column("orders", sa.Column("currency", sa.String(3)))
    op.execute("UPDATE orders SET currency = 'EUR'")
    op.alter_column("orders", "currency", existing_type=sa.String(3), nullable=False)


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column("orders", "currency")
