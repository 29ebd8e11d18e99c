/** The snippets as a person gets them who takes every value that is proposed. */
import { readFileSync } from "node:fs";
import path from "node:path";

export interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const file = path.resolve(import.meta.dirname, "../../snippets/alembic.json");

export const snippets: readonly Snippet[] = Object.values(
  JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, Snippet>>,
);

const variables: Readonly<Record<string, string>> = {
  CURRENT_YEAR: "2026",
  CURRENT_MONTH: "11",
  CURRENT_DATE: "30",
};

const placeholder = /\\([$}\\])|\$\{(\d+):((?:[^{}$]|\$\d+|\$[A-Z_]+)*)\}|\$(\d+)|\$([A-Z_]+)/g;

/**
 * The grammar of snippets, as far as ours use it: `$1`, `${1:value}` and variables, also inside of values.
 * @throws Error where a place has no value, or a variable is not known
 */
export function render({ prefix, body }: Snippet): string {
  const text = body.join("\n");
  const values = new Map<string, string>();
  for (const [, , number, value] of text.matchAll(placeholder)) {
    if (number !== undefined && value !== undefined) values.set(number, value);
  }
  const replaced = (source: string): string =>
    source.replaceAll(
      placeholder,
      (_, escaped?: string, number?: string, value?: string, again?: string, name?: string) => {
        if (escaped !== undefined) return escaped;
        const known = name === undefined ? (value ?? values.get(again ?? "")) : variables[name];
        if (known === undefined) throw new Error(`${prefix}: nothing is proposed for ${number ?? again ?? name}`);
        return replaced(known);
      },
    );
  return replaced(text);
}

const tables = `def upgrade() -> None:
    op.execute("CREATE TYPE status AS ENUM ('todo', 'done')")
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text()),
        sa.Column("username", sa.Text()),
        sa.Column("status", sa.Text()),
        sa.Column("age", sa.Integer()),
        sa.Column("posts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("comments", sa.Integer(), server_default="0", nullable=False),
        sa.Column("settings", postgresql.JSONB()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("age_group", sa.Text()),
        sa.Column("created_year", sa.Integer()),
        sa.Column("dark_mode", sa.Boolean()),
        sa.Column("score", sa.Integer()),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_name", sa.Text()),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("tags", sa.Text()),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("status", postgresql.ENUM(name="status", create_type=False)),
    )
    op.create_table("legacy_orders", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True))


def downgrade() -> None:
    op.drop_table("legacy_orders")
    op.drop_table("tasks")
    op.drop_table("posts")
    op.drop_table("orders")
    op.drop_table("customers")
    op.drop_table("users")
    op.execute("DROP TYPE status")
`;

/** Snippets that build on one another, each chain on the tables above. */
export const chains: readonly (readonly string[])[] = [
  [
    "alembic-expand",
    "alembic-backfill",
    "alembic-not-null-1",
    "alembic-not-null-2",
    "alembic-not-null-3",
    "alembic-contract",
  ],
  ["alembic-backfill-computed"],
  ["alembic-backfill-joined"],
  ["alembic-backfill-case"],
  ["alembic-backfill-json"],
  ["alembic-backfill-python"],
  ["alembic-soft-delete-flag", "alembic-backfill-flag"],
  ["alembic-index", "alembic-foreign-key-1", "alembic-foreign-key-2"],
  ["alembic-rename-column-1", "alembic-rename-column-2"],
  ["alembic-list-1", "alembic-list-2"],
  ["alembic-dialect"],
  ["alembic-row-counts"],
  ["alembic-enum-swap"],
  ["alembic-backup"],
];

const revisionOf = (body: string, number: number): string => `"""step ${number}

Revision ID: ${number}
Revises: ${number === 1 ? "" : number - 1}
Create Date: 2026-11-30 00:00:00.000000

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "${number}"
down_revision = ${number === 1 ? "None" : `"${number - 1}"`}
branch_labels = None
depends_on = None


${body}
`;

/** The revisions of a chain by file name, the one that makes the tables first. */
export function revisionsOf(chain: readonly string[]): ReadonlyMap<string, string> {
  const bodies = chain.map((prefix) => {
    const found = snippets.find((snippet) => snippet.prefix === prefix);
    if (found === undefined) throw new Error(`There is no snippet ${prefix}`);
    return render(found);
  });
  return new Map([tables, ...bodies].map((body, index) => [`${index + 1}_step.py`, revisionOf(body, index + 1)]));
}
