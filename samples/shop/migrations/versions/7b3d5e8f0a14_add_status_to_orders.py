"""Add status to orders

Revision ID: 7b3d5e8f0a14
Revises: e19a7c3f4b62
Create Date: 2024-04-11 10:18:46.291835

"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "7b3d5e8f0a14"
down_revision: str | Sequence[str] | None = "e19a7c3f4b62"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

order_status = postgresql.ENUM("new", "paid", "shipped", "cancelled", name="order_status", create_type=False)


def upgrade() -> None:
    """Upgrade schema."""
    order_status.create(op.get_bind())
    op.add_column("orders", sa.Column("status", order_status, server_default="new", nullable=False))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column("orders", "status")
    order_status.drop(op.get_bind())
