"""Require a SKU

Revision ID: a4e8137bc9d0
Revises: 0f92c6b1d7e5
Create Date: 2024-05-21 09:47:58.336901

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a4e8137bc9d0"
down_revision: str | Sequence[str] | None = "0f92c6b1d7e5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    # The shop had not opened yet: on a table with rows this would fail.
    op.add_column("products", sa.Column("sku", sa.String(32), nullable=False))
    op.create_unique_constraint("products_sku_key", "products", ["sku"])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_constraint("products_sku_key", "products", type_="unique")
    op.drop_column("products", "sku")
