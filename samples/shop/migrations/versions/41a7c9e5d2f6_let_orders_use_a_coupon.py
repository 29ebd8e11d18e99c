"""Let orders use a coupon

Revision ID: 41a7c9e5d2f6
Revises: b8f03d6c2e97
Create Date: 2024-06-17 17:44:31.050729

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "41a7c9e5d2f6"
down_revision: str | Sequence[str] | None = "b8f03d6c2e97"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column("orders", sa.Column("coupon_code", sa.String(20)))
    op.create_foreign_key("orders_coupon_code_fkey", "orders", "coupons", ["coupon_code"], ["code"])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_constraint("orders_coupon_code_fkey", "orders", type_="foreignkey")
    op.drop_column("orders", "coupon_code")
