import { playedIn } from "../facts/played.ts";
import { replayOf } from "../project/replay.ts";
import { renderRemainder, tryRoundTrip } from "../schema/round-trip.ts";
import { defineRefactoring, type Offer } from "./define.ts";
import { findInverses } from "./downgrade/inverses.ts";
import { completeDowngrade as complete } from "./downgrade/write.ts";
import { applyEditsPlan, type EditsPlan } from "./edited.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isInHead, onlyUpgrade } from "./place.ts";

const offerFor = remembered((project, file): Offer<EditsPlan> => {
  const upgrade = onlyUpgrade(file);
  const [downgrade] = file.downgrades;
  if (!file.isRevision || !upgrade || downgrade?.form !== "body") return undefined;
  if (downgrade.operations.some(({ confidence }) => confidence === "opaque")) return undefined;
  const played = playedIn(project, file, upgrade);
  const trip = played && tryRoundTrip(played.before, file, replayOf(project).environment);
  const [difference, ...others] = trip?.possible ?? [];
  if (!difference) return undefined;
  return orUnavailable(() => {
    const written = complete(project, file, downgrade, findInverses(project, file, upgrade));
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return { plan: written, title: `Add to downgrade() what is missing: ${renderRemainder(difference)}${more}` };
  });
});

export const completeDowngrade = defineRefactoring<EditsPlan>({
  id: "complete-downgrade",
  title: "Add to downgrade() what is missing",
  summary: "Adds to downgrade() the inverse of what it leaves behind, and nothing else.",
  why: `A downgrade that forgets a column or an index runs without an error. It shows at the next upgrade, which stops because the thing is there already.`,
  keeps: [
    "Every statement of downgrade(), with its comments, in its order.",
    "The order: what was made last is taken away first.",
    "The schema: the way back is played on the replayed schema, and gives what was there before.",
  ],
  refuses: [
    "A statement of upgrade() that is not understood, or that a query or a test decides about, unless that asks for the dialect or offline mode only.",
    "What the revisions before it do not tell, and what has no inverse.",
    "A downgrade() that leaves something else behind, or that could not run.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "A forgotten column",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
`,
      before: `def upgrade() -> None:
    op.add_column("users", sa.Column("name", sa.Text()))
    op.add_column("users", sa.Column("city", sa.Text()))
    op.create_index("ix_users_name", "users", ["name"])


def downgrade() -> None:
    # The index goes with its column.
    <|>op.drop_column("users", "name")
`,
      after: [
        `def upgrade() -> None:
    op.add_column("users", sa.Column("name", sa.Text()))
    op.add_column("users", sa.Column("city", sa.Text()))
    op.create_index("ix_users_name", "users", ["name"])


def downgrade() -> None:
    op.drop_index(op.f("ix_users_name"), table_name="users")
    op.drop_column("users", "city")
    # The index goes with its column.
    op.drop_column("users", "name")
`,
      ],
    },
  ],
  plan: (place) => (isInHead(place) ? offerFor(place.project, place.file) : undefined),
  apply: applyEditsPlan,
});
