/** A small project with the mixed migration that the whole product begins with. */
const header = (message: string, id: string, parent: string | undefined): string => `"""${message}

Revision ID: ${id}
Revises: ${parent ?? ""}
Create Date: 2026-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = "${id}"
down_revision = ${parent === undefined ? "None" : `"${parent}"`}
branch_labels = None
depends_on = None

`;

export const mixed = `${header("join names", "bbb222", "aaa111")}
def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.String(200)))

    connection = op.get_bind()
    connection.execute(
        sa.text("UPDATE users SET full_name = first_name || ' ' || last_name")
    )

    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")


def downgrade() -> None:
    op.add_column("users", sa.Column("last_name", sa.String(100)))
    op.add_column("users", sa.Column("first_name", sa.String(100)))
    op.drop_column("users", "full_name")
`;

export const clean = `${header("users", "aaa111", undefined)}
def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("first_name", sa.String(100)),
        sa.Column("last_name", sa.String(100)),
    )


def downgrade() -> None:
    op.drop_table("users")
`;

export const project: Readonly<Record<string, string>> = {
  "alembic.ini": "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = postgresql://dev@localhost/app\n",
  "migrations/env.py": "from alembic import context\n\ncontext.configure(url='x')\n",
  "migrations/versions/aaa111_users.py": clean,
  "migrations/versions/bbb222_join_names.py": mixed,
};

export const mixedFile = "migrations/versions/bbb222_join_names.py";
