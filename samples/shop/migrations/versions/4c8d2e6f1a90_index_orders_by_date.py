"""Index orders by date

Revision ID: 4c8d2e6f1a90
Revises: 9e0a3c7d5b84
Create Date: 2025-09-03 10:02:28.446918

"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4c8d2e6f1a90"
down_revision: str | Sequence[str] | None = "9e0a3c7d5b84"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_index("ix_orders_placed_at", "orders", ["placed_at"])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index("ix_orders_placed_at", table_name="orders")
