"""Index orders by user

Revision ID: e19a7c3f4b62
Revises: 5d20f8b6a91e
Create Date: 2024-04-02 14:55:10.663207

"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "e19a7c3f4b62"
down_revision: str | Sequence[str] | None = "5d20f8b6a91e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_index("ix_orders_user_id", "orders", ["user_id"])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index("ix_orders_user_id", table_name="orders")
