import { judgedIn, type Judged } from "../facts/judged.ts";
import { mustKeepOrder } from "../model/order.ts";
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import { slugOf } from "../project/naming.ts";
import { isWithin, parentOf } from "../project/paths.ts";
import type { Project } from "../project/snapshot.ts";
import { changeBuilder, difference } from "../rewrite/change.ts";
import { newEdit } from "../rewrite/edit.ts";
import { messageOf } from "../rewrite/header.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { applyEdits } from "../text/edit.ts";
import { clausesAndKey, executedText, isLarge } from "./batches/conversion.ts";
import { defineRefactoring, type Offer, type Place, type Result } from "./define.ts";
import { withoutIdleImports } from "./idle.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt, onlyUpgrade } from "./place.ts";
import { renderScript, type Script } from "./script/code.ts";
import { judgeHalves } from "./split/halves.ts";

interface Plan {
  readonly operation: Operation;
  readonly path: string;
  readonly script: Script;
}

interface Found {
  readonly operation: Operation;
  readonly offer: Offer<Plan>;
}

const find = remembered((project, file): readonly Found[] => {
  const upgrade = onlyUpgrade(file);
  if (!file.isRevision || !upgrade || project.config.dialect !== "postgresql") return [];
  if (!upgrade.operations.some(({ effect }) => effect === "data")) return [];
  return judgedIn(project, file, upgrade)
    .filter((one) => isLarge(one) && one.operation.via === "sql")
    .map((judged) => ({
      operation: judged.operation,
      offer: orUnavailable(() => {
        const plan = extract(project, file, upgrade, judged);
        return { plan, title: "Move the change of rows to a script of its own" };
      }),
    }));
});

function extract(project: Project, file: RevisionFile, upgrade: Direction, judged: Judged): Plan {
  const { operation } = judged;
  const at = lineOf(file, operation.range);
  const { clauses, key } = clausesAndKey(file, judged);
  if (executedText(file, operation) === undefined)
    throw new Refused(`The statement on ${at} does more than execute one piece of SQL.`);
  if (/--|\/\*/.test(clauses.sql)) throw new Refused(`The SQL on ${at} holds comments.`);
  const { known } = judgeHalves(upgrade, upgrade, project);
  for (const later of upgrade.operations.slice(upgrade.operations.indexOf(operation) + 1)) {
    const why = later.confidence === "opaque" ? "it is not understood" : mustKeepOrder(operation, later, known);
    if (why !== undefined)
      throw new Refused(
        `What stands on ${lineOf(file, later.range)} must come after it (${why}); split the revision first, and move what is then a revision of its own.`,
      );
  }
  const revision = file.identifiers.revision?.value ?? "";
  const location = project.config.versionLocations.find((one) => isWithin(one, file.path)) ?? parentOf(file.path);
  const folder = `${parentOf(location)}/data_migrations`;
  const path = `${folder}/${revision}_${slugOf(messageOf(file), project.config.truncateSlugLength)}.py`;
  const shown = isWithin(project.config.root, path) ? path.slice(project.config.root.length + 1) : path;
  return { operation, path, script: { clauses, key, title: messageOf(file), revision, shown } };
}

function apply({ project, file }: Place, { operation, path, script }: Plan): Result {
  const text = renderScript(script);
  const edit = newEdit(file);
  edit.removeStatement(operation);
  const names = file.module.flatMap(({ kind, binds }) => (kind === "import" ? binds : []));
  const edits = withoutIdleImports(project, file, edit.build(), names);
  const after = applyEdits(file.text, edits);
  const change = changeBuilder((one) => project.files.has(one));
  change.create(path, text);
  change.edit(file.path, file.text, [difference(file.text, after)]);
  const { revision, title } = script;
  return {
    change: change.build(),
    parts: [
      { path, isNew: true, revision, name: "script", title: `${title} (script)`, text, before: "" },
      { path: file.path, isNew: false, revision, name: "", title, text: after, before: file.text },
    ],
    notes: [
      `Nothing runs the script but you: run it after ${revision}, and before a revision that counts on its rows.`,
      "Rows that come in while it runs are changed by it as well, where their key comes later.",
    ],
  };
}

export const extractDataScript = defineRefactoring<Plan>({
  id: "extract-data-script",
  title: "Move the change of rows to a script of its own",
  summary:
    "Moves a large change of rows out of the history into a script beside it, which can be stopped and started again.",
  why: `A deployment waits for its migrations. A change of rows that takes an hour is better run beside it: by hand, at a quiet time, in batches that are
committed one by one, with an eye on the server.`,
  keeps: [
    "The statement, with its WHERE, for the rows of each batch.",
    "A run that was stopped goes on where it was; one that begins anew changes nothing that is done.",
    "The revision with everything else, and its id.",
  ],
  refuses: [
    "Statements that something else of the revision must come after.",
    "Tables whose primary key the revisions before do not tell, and statements that change it.",
    "Joins, RETURNING, parameters, and queries that read the same table again; values that are others when they are set again.",
    "SQL that is put together from parts, with comments, in a helper, a loop or under a test.",
    "Projects that do not run on PostgreSQL.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "A column is filled outside of the deployment",
      given: `op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("total", sa.Integer()))
`,
      before: `def upgrade() -> None:
    op.add_column("orders", sa.Column("total_cents", sa.BigInteger()))
    <|>op.execute("UPDATE orders SET total_cents = total * 100 WHERE total_cents IS NULL")


def downgrade() -> None:
    op.drop_column("orders", "total_cents")
`,
      after: [
        `"""case: the rows of revision 0002, changed outside of the deployment.

    python data_migrations/0002_case.py postgresql+psycopg://user@host/database

Run it after revision 0002. Each batch is committed by itself. How far it has come stands in a file beside it, so that
it goes on there when it is run again; without that file it begins anew, which changes nothing that is done.
"""
import json
import pathlib
import sys
import time

import sqlalchemy as sa

BATCH_SIZE = 10_000
# Seconds between two batches, for everybody else.
PAUSE = 0.1
PROGRESS = pathlib.Path(__file__).with_suffix(".progress.json")

FIRST_KEYS = sa.text("SELECT id FROM orders ORDER BY id LIMIT :size")
NEXT_KEYS = sa.text("SELECT id FROM orders WHERE id > :low_0 ORDER BY id LIMIT :size")
CHANGE = sa.text("UPDATE orders SET total_cents = total * 100 WHERE (total_cents IS NULL) AND orders.id >= :low_0 AND orders.id <= :high_0")


def bounds(which, key):
    return {f"{which}_{place}": value for place, value in enumerate(key)}


def run(url):
    engine = sa.create_engine(url)
    done = json.loads(PROGRESS.read_text()) if PROGRESS.exists() else None
    total = 0
    while True:
        with engine.begin() as connection:
            size = {"size": BATCH_SIZE}
            if done is None:
                keys = connection.execute(FIRST_KEYS, size).fetchall()
            else:
                keys = connection.execute(NEXT_KEYS, {**size, **bounds("low", done)}).fetchall()
            if not keys:
                break
            changed = connection.execute(CHANGE, {**bounds("low", keys[0]), **bounds("high", keys[-1])}).rowcount
        # Only what is committed counts.
        done = json.loads(json.dumps(list(keys[-1]), default=str))
        PROGRESS.write_text(json.dumps(done))
        total += changed
        print(f"orders: {total} rows changed, up to {done}", flush=True)
        time.sleep(PAUSE)
    print(f"orders: done, {total} rows changed in this run")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python data_migrations/0002_case.py URL")
    run(sys.argv[1])
`,
        `def upgrade() -> None:
    op.add_column("orders", sa.Column("total_cents", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("orders", "total_cents")
`,
      ],
    },
  ],
  plan: (place: Place) => find(place.project, place.file).find(({ operation }) => isAt(place, operation))?.offer,
  apply,
});
