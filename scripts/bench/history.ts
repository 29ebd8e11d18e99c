/** Histories as people write them, of any length; the same seed gives the same files. */
import { createRandom, type Random } from "./random.ts";
import { dataSteps, schemaSteps, type Database, type Step } from "./steps.ts";

export interface GeneratedRevision {
  readonly id: string;
  readonly parents: readonly string[];
  /** Relative to the project's folder. */
  readonly path: string;
  readonly text: string;
  /** The same as statements of PostgreSQL; empty for a merge. */
  readonly sql: string;
}

export interface GeneratedHistory {
  readonly revisions: readonly GeneratedRevision[];
  /** The config and env.py, by path relative to the project's folder. */
  readonly project: Readonly<Record<string, string>>;
}

const project = {
  "alembic.ini": `[alembic]
script_location = %(here)s/migrations
path_separator = os
sqlalchemy.url = postgresql+psycopg://dev@localhost/app
`,
  "migrations/env.py": `from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config


def run_migrations_online():
    connectable = engine_from_config(config.get_section("alembic"), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
`,
} as const;

/** Of all revisions: those that begin a branch beside the trunk. Each is merged again some revisions later. */
const branching = 0.01;
const longestBranch = 12;
/** Of those that do something, as counted over 10,545 files of public projects. */
const dataOnly = 0.12;
const mixed = 0.14;

export function generateHistory(length: number, seed = 1): GeneratedHistory {
  const random = createRandom(seed);
  const database: Database = { tables: ["users"], made: 0 };
  const revisions: GeneratedRevision[] = [];
  let trunk: string[] = [];
  let branch: { at: string; left: number } | undefined;
  while (revisions.length < length) {
    const id = random.hexadecimal(12);
    const last = length - revisions.length === 1;
    let parents = trunk;
    if (branch && (branch.left <= 0 || last)) {
      parents = [...trunk, branch.at];
      branch = undefined;
    } else if (branch && random.chance(0.5)) parents = [branch.at];
    const isOnBranch = branch !== undefined && parents[0] === branch.at;
    revisions.push(makeRevision({ id, parents, number: revisions.length }, random, database));
    if (branch && isOnBranch) branch = { at: id, left: branch.left - 1 };
    else {
      // The branch begins where the trunk stands.
      if (!branch && trunk[0] !== undefined && random.chance(branching))
        branch = { at: trunk[0], left: 1 + random.integer(longestBranch) };
      trunk = [id];
    }
  }
  return { revisions, project };
}

interface Place {
  readonly id: string;
  readonly parents: readonly string[];
  readonly number: number;
}

function makeRevision(place: Place, random: Random, database: Database): GeneratedRevision {
  const steps = place.parents.length > 1 ? [] : chooseSteps(random, database);
  const slug = place.parents.length > 1 ? "merge_heads" : `change_${place.number}`;
  return {
    id: place.id,
    parents: place.parents,
    path: `migrations/versions/${place.id}_${slug}.py`,
    text: renderRevision(place, slug, steps),
    sql: steps.flatMap(({ sql }) => sql.map((statement) => `${statement}\n`)).join(""),
  };
}

function chooseSteps(random: Random, database: Database): readonly Step[] {
  const kind = random.integer(1000) / 1000;
  const several = (from: typeof schemaSteps, most: number): Step[] =>
    Array.from({ length: 1 + random.integer(most) }, () => random.pick(from)(random, database));
  if (kind < dataOnly) return several(dataSteps, 2);
  if (kind < dataOnly + mixed) return [...several(schemaSteps, 2), ...several(dataSteps, 2)];
  return several(schemaSteps, 5);
}

const body = (lines: readonly string[]): string =>
  lines.length === 0 ? "    pass\n" : lines.map((line) => `    ${line}\n`).join("");

const tuple = (ids: readonly string[]): string =>
  ids.length === 0 ? "None" : ids.length === 1 ? `"${ids[0] ?? ""}"` : `(${ids.map((id) => `"${id}"`).join(", ")})`;

function renderRevision({ id, parents, number }: Place, slug: string, steps: readonly Step[]): string {
  const date = new Date(Date.UTC(2015, 0, 1) + number * 7_919_000).toISOString().replace("T", " ").replace("Z", "000");
  return `"""${slug.replaceAll("_", " ")}

Revision ID: ${id}
Revises: ${parents.join(", ")}
Create Date: ${date}

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "${id}"
down_revision: Union[str, Sequence[str], None] = ${tuple(parents)}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
${body(steps.flatMap(({ up }) => up))}

def downgrade() -> None:
    """Downgrade schema."""
${body(steps.toReversed().flatMap(({ down }) => down))}`;
}
