"""Create orders and order items

Revision ID: c47b91e2d3a8
Revises: 8a6e0d4c51f2
Create Date: 2024-03-07 11:03:59.740012

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c47b91e2d3a8"
down_revision: str | Sequence[str] | None = "8a6e0d4c51f2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id", name="orders_user_id_fkey"), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.create_table(
        "order_items",
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id", name="order_items_order_id_fkey", ondelete="CASCADE")),
        sa.Column("product_id", sa.BigInteger(), sa.ForeignKey("products.id", name="order_items_product_id_fkey")),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Numeric(8, 2), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "product_id", name="order_items_pkey"),
        sa.CheckConstraint("quantity > 0", name="order_items_quantity_check"),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table("order_items")
    op.drop_table("orders")
