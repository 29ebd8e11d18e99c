"""Allow higher prices

Revision ID: 13e5a9d8c4b0
Revises: d6b2f80a3c71
Create Date: 2024-08-29 11:36:25.174650

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "13e5a9d8c4b0"
down_revision: str | Sequence[str] | None = "d6b2f80a3c71"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.alter_column("products", "price", type_=sa.Numeric(12, 2), existing_type=sa.Numeric(8, 2), existing_nullable=False)
    op.alter_column("order_items", "unit_price", type_=sa.Numeric(12, 2), existing_type=sa.Numeric(8, 2), existing_nullable=False)


def downgrade() -> None:
    """Downgrade schema."""
    op.alter_column("order_items", "unit_price", type_=sa.Numeric(8, 2), existing_type=sa.Numeric(12, 2), existing_nullable=False)
    op.alter_column("products", "price", type_=sa.Numeric(8, 2), existing_type=sa.Numeric(12, 2), existing_nullable=False)
