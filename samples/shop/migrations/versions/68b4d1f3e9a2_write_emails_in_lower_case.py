"""Write e-mails in lower case

Revision ID: 68b4d1f3e9a2
Revises: f7c08e2b6a45
Create Date: 2025-01-20 08:58:49.210376

"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "68b4d1f3e9a2"
down_revision: str | Sequence[str] | None = "f7c08e2b6a45"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("UPDATE users SET email = lower(email)")


def downgrade() -> None:
    """Downgrade schema."""
    # What was upper case is not known any more.
    pass
