import { ownOf } from "../history/forks.ts";
import { changeBuilder } from "../rewrite/change.ts";
import { newRevisionFile } from "../rewrite/new-revision.ts";
import { defineRefactoring, type Offer, type Place, type Result } from "./define.ts";
import { findMove } from "./heads/move.ts";
import { isPublished, partedAt, sharedTables, type Parted } from "./heads/parted.ts";
import { orUnavailable } from "./offering.ts";
import { list } from "./split/revision.ts";

interface Merge extends Parted {
  readonly heads: readonly string[];
}

/** Undefined where git cannot tell. */
function canMove(place: Place, parted: Parted): boolean | undefined {
  const offer = orUnavailable(() => ({ plan: findMove(place, parted), title: "" }));
  if (offer === undefined || "unavailable" in offer) return false;
  return offer.plan.isOwn;
}

function plan(place: Place): Offer<Merge> {
  const parted = partedAt(place);
  if (!parted) return undefined;
  const all = new Set([parted.branch.head, ...parted.siblings.map(({ head }) => head)]);
  const heads = place.project.history.heads.filter((head) => all.has(head));
  const isRight = canMove(place, parted) === false;
  return {
    plan: { ...parted, heads },
    title: `Join ${list(heads)} by a merge revision${reasonFor(place, parted, isRight)}`,
    ...(isRight && { preferred: true }),
  };
}

function reasonFor(place: Place, { branch, siblings }: Parted, isRight: boolean): string {
  const { history } = place.project;
  const areOthers = [branch, ...siblings].every((one) => {
    const [other] = one === branch ? siblings : [branch];
    return other !== undefined && isPublished(place, ownOf(history, one, other)) === true;
  });
  return isRight && areOthers ? ", as others have them all" : "";
}

function apply(place: Place, { heads, branch, siblings }: Merge): Result {
  const { project, file } = place;
  const message = `merge ${list(heads)}`;
  const { path, revision, text } = newRevisionFile(project, file, { message, parents: heads });
  const change = changeBuilder((one) => project.files.has(one));
  change.create(path, text);
  const shared = new Set(siblings.flatMap((one) => sharedTables(place, branch, one)));
  const notes =
    shared.size === 0
      ? []
      : [`The branches both change ${list([...shared])}: read them together before you run them, in either order.`];
  const part = { path, isNew: true, revision, name: "merge", title: message, text, before: "" };
  return { change: change.build(), parts: [part], notes };
}

export const mergeHeads = defineRefactoring<Merge>({
  id: "merge-heads",
  title: "Join the heads by a merge revision",
  summary: "Adds a revision that follows all heads and does nothing else, as `alembic merge heads` would.",
  why: `\`alembic upgrade head\` refuses to choose between two heads, and so does the deployment. Where others have both branches already, neither can be moved:
somebody's database has run the one and not the other. A merge lets each of them catch up.`,
  keeps: [
    "Every revision as it is; the new one is written by the project's own template and named as its other files are.",
    "What the branches do: the merge has no operations of its own.",
  ],
  refuses: [
    "Branches with a label after the fork, and histories that have no revision in common: they are meant to be apart.",
    "A template of new revisions that cannot be filled in.",
  ],
  keepsSchema: true,
  keepsOperations: true,
  joinsHeads: true,
  createsFiles: true,
  addsOnly: true,
  examples: [
    {
      title: "0002 and 0003 both follow 0001",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_age.py --
def upgrade() -> None:
    op.add_column("users", sa.Column("age", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "age")
`,
      before: `from alembic import op
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
        `"""merge 0002 and 0003

Revision ID: 0004
Revises: 0002, 0003
Create Date: 2026-01-02 03:04:05

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '0004'
down_revision: Union[str, Sequence[str], None] = ('0002', '0003')
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    pass


def downgrade() -> None:
    """Downgrade schema."""
    pass
`,
      ],
    },
  ],
  plan,
  apply,
});
