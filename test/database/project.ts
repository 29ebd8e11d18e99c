/** Small Alembic projects on disk: a parent with tables and rows, a mixed revision, and a child. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { MixedMigration } from "./mixed.ts";

export interface SmallProject {
  readonly folder: string;
  readonly config: string;
  /** The mixed revision's file. */
  readonly file: string;
}

/** Ids of the three revisions. */
export const parent = "0001";
export const mixed = "0002";
export const child = "0003";

const iniOf = (location: string): string => `[alembic]
script_location = ${location}
prepend_sys_path = %(here)s
sqlalchemy.url = postgresql+psycopg://nobody@127.0.0.1:1/none
transaction_per_migration = false
`;

/** An env.py that takes all it needs from the options. */
export const environmentText = `from alembic import context
from sqlalchemy import create_engine, pool

config = context.config
engine = config.attributes.get("engine") or create_engine(
    config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool
)
if context.is_offline_mode():
    context.configure(url=engine.url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            transaction_per_migration=config.get_main_option("transaction_per_migration") == "true",
        )
        with context.begin_transaction():
            context.run_migrations()
`;

/** What Alembic needs around revisions in `migrations/versions`, which is there; gives the path of `alembic.ini`. */
export function writeEnvironment(folder: string): string {
  const config = path.join(folder, "alembic.ini");
  writeFileSync(config, iniOf("%(here)s/migrations"));
  writeFileSync(path.join(folder, "migrations", "env.py"), environmentText);
  return config;
}

/** Writes a project that is its folder: `env.py` and `versions` lie beside `alembic.ini`, whose path it gives. */
export function writeTexts(folder: string, texts: ReadonlyMap<string, string>): string {
  const config = path.join(folder, "alembic.ini");
  for (const [name, text] of new Map([["env.py", environmentText], ...texts])) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  writeFileSync(config, iniOf("%(here)s"));
  return config;
}

/** Writes the three revisions, and what Alembic needs around them, into an empty folder. */
export function writeProject(folder: string, migration: Omit<MixedMigration, "parts">): SmallProject {
  const versions = path.join(folder, "migrations", "versions");
  mkdirSync(versions, { recursive: true });
  const config = writeEnvironment(folder);
  for (const [name, text] of Object.entries(migration.files ?? {})) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  writeFileSync(path.join(versions, "0001_given.py"), givenRevision(migration.given));
  const file = path.join(versions, "0002_mixed.py");
  writeFileSync(file, mixedRevision(migration));
  writeFileSync(path.join(versions, "0003_child.py"), childRevision);
  return { folder, config, file };
}

const header = (revision: string, down: string | undefined): string => `
revision: str = "${revision}"
down_revision: str | None = ${down === undefined ? "None" : `"${down}"`}
branch_labels = None
depends_on = None
`;

function givenRevision(given: string): string {
  return `"""given

Revision ID: ${parent}
Revises:

"""
from alembic import op
${header(parent, undefined)}

def upgrade() -> None:
    op.get_bind().exec_driver_sql(${JSON.stringify(given)}.replace("%", "%%"))


def downgrade() -> None:
    pass
`;
}

function mixedRevision(migration: Omit<MixedMigration, "parts">): string {
  const { module, upgrade, downgrade } = migration;
  return `"""mixed

Revision ID: ${mixed}
Revises: ${parent}
Create Date: 2025-06-01 12:00:00.000000

"""
import sqlalchemy as sa
from alembic import op
${(module ?? "").trimEnd()}
# revision identifiers, used by Alembic.
${(migration.header ?? header(mixed, parent)).trim()}


def upgrade() -> None:
${upgrade.replace(/^\n/, "")}
${downgrade === undefined ? "" : `\n\ndef downgrade() -> None:\n${downgrade.replace(/^\n/, "")}\n`}`;
}

const childRevision = `"""child

Revision ID: ${child}
Revises: ${mixed}

"""
from alembic import op
import sqlalchemy as sa
${header(child, mixed)}

def upgrade() -> None:
    op.create_table("later_on", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("later_on")
`;
