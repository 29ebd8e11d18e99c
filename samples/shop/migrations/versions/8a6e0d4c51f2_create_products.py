"""Create products

Revision ID: 8a6e0d4c51f2
Revises: 3f1c2a9d7b10
Create Date: 2024-03-06 16:40:05.118720

"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8a6e0d4c51f2"
down_revision: str | Sequence[str] | None = "3f1c2a9d7b10"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "products",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("price", sa.Numeric(8, 2), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text())),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table("products")
