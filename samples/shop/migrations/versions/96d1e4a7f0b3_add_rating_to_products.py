"""Add rating to products

Revision ID: 96d1e4a7f0b3
Revises: 2c5f9b0e6d38
Create Date: 2024-06-13 10:52:40.917305

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "96d1e4a7f0b3"
down_revision: str | Sequence[str] | None = "2c5f9b0e6d38"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column("products", sa.Column("rating", sa.Numeric(3, 2)))
    op.execute(
        """
        UPDATE products
        SET rating = (SELECT avg(stars) FROM reviews WHERE reviews.product_id = products.id)
        """
    )
    op.create_index("ix_products_rating", "products", ["rating"])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index("ix_products_rating", table_name="products")
    op.drop_column("products", "rating")
