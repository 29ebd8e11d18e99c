import { identityEdits } from "../rewrite/identity.ts";
import { defineRefactoring, type Offer, type Place } from "./define.ts";
import { editedFile } from "./edited.ts";
import { findMove, type Move } from "./heads/move.ts";
import { partedAt } from "./heads/parted.ts";
import { orUnavailable } from "./offering.ts";
import { list } from "./split/revision.ts";

function plan(place: Place): Offer<Move> {
  const parted = partedAt(place);
  if (!parted) return undefined;
  return orUnavailable(() => {
    const move = findMove(place, parted);
    const { ids, onto, isOwn } = move;
    const who = ids.length > 2 ? `${ids[0] ?? ""} and the ${ids.length - 1} after it` : list(ids);
    const [them, they] = ids.length > 1 ? ["them", "they have"] : ["it", "it has"];
    const when = isOwn ? `as nobody else has ${them} yet` : `if ${they} run nowhere yet`;
    return {
      plan: move,
      title: `Let ${who} follow ${onto}, ${when}`,
      ...(isOwn && { preferred: true }),
    };
  });
}

function notesOf({ ids, onto, from, shared }: Move): readonly string[] {
  const [first = ""] = ids;
  return [
    `A database that has run ${first} already would take ${onto} for done: take it back to ${from} first (alembic downgrade ${from}), then upgrade it.`,
    ...(shared.length === 0
      ? []
      : [`Both branches change ${list(shared)}: read the two together before you run them.`]),
  ];
}

export const moveOntoHead = defineRefactoring<Move>({
  id: "move-onto-head",
  title: "Let the revision follow the other head",
  summary:
    "Gives the revisions that only you have another parent: the head that others have, so that one head is left.",
  why: `Two people have added a revision to the same parent. As long as one of the two has run nowhere but on its author's machine, it can simply come
after the other: the history stays a line, and no merge has to be kept for ever.`,
  keeps: [
    "Every revision, its id and what it does: one `down_revision` changes, and the docstring's `Revises:` with it.",
    "The order within the branch.",
  ],
  refuses: [
    "Revisions that git's default branch has: a database that has run them would never run the other branch.",
    "Branches that have parted and joined themselves since.",
    "Heads of which one needs the other by `depends_on`.",
    "Branches with a label after the fork, and histories that have no revision in common: they are meant to be apart.",
  ],
  keepsSchema: true,
  keepsOperations: true,
  joinsHeads: true,
  examples: [
    {
      title: "0003 follows 0001, as 0002 does",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_age.py --
def upgrade() -> None:
    op.add_column("users", sa.Column("age", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "age")
`,
      before: `"""Add a name

Revision ID: 0003
Revises: 0001
Create Date: 2024-01-02 03:04:05

"""
from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = <|>"0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("name", sa.Text()))


def downgrade() -> None:
    op.drop_column("users", "name")
`,
      after: [
        `"""Add a name

Revision ID: 0003
Revises: 0002
Create Date: 2024-01-02 03:04:05

"""
from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("name", sa.Text()))


def downgrade() -> None:
    op.drop_column("users", "name")
`,
      ],
    },
  ],
  plan,
  apply: (_place, move) => editedFile(move.first, identityEdits(move.first, { parent: move.onto }), notesOf(move)),
});
