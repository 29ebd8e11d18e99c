"""Move tags to a table

Revision ID: 5a3f0b8e7c29
Revises: 7e2a9c4d8f16
Create Date: 2025-10-20 16:15:04.327591

"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "5a3f0b8e7c29"
down_revision: str | Sequence[str] | None = "7e2a9c4d8f16"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT id, tags FROM products WHERE tags IS NOT NULL")
    ).all()

    op.drop_column("products", "tags")
    op.create_table(
        "product_tags",
        sa.Column("product_id", sa.BigInteger(), sa.ForeignKey("products.id", name="product_tags_product_id_fkey")),
        sa.Column("tag", sa.Text()),
        sa.PrimaryKeyConstraint("product_id", "tag", name="product_tags_pkey"),
    )

    for product_id, tags in rows:
        for tag in sorted(set(tags)):
            connection.execute(
                sa.text("INSERT INTO product_tags (product_id, tag) VALUES (:product_id, :tag)"),
                {"product_id": product_id, "tag": tag},
            )


def downgrade() -> None:
    """Downgrade schema."""
    op.add_column("products", sa.Column("tags", postgresql.ARRAY(sa.Text())))
    op.execute(
        """
        UPDATE products
        SET tags = (SELECT array_agg(tag ORDER BY tag) FROM product_tags WHERE product_id = products.id)
        """
    )
    op.drop_table("product_tags")
