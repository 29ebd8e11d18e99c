"""Create reviews

Revision ID: 2c5f9b0e6d38
Revises: a4e8137bc9d0
Create Date: 2024-06-10 15:09:14.528846

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "2c5f9b0e6d38"
down_revision: str | Sequence[str] | None = "a4e8137bc9d0"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "reviews",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("product_id", sa.BigInteger(), sa.ForeignKey("products.id", name="reviews_product_id_fkey"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id", name="reviews_user_id_fkey"), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text()),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="reviews_stars_check"),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table("reviews")
