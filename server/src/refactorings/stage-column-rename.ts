import type { Operation } from "../model/revision.ts";
import { Refused } from "../rewrite/refused.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { renderName } from "../sql/action.ts";
import { renderColumnType } from "../sql/postgres/type-text.ts";
import { renderFullName } from "../sql/quote.ts";
import { sharedTransaction } from "./apart.ts";
import { defineRefactoring, type Part } from "./define.ts";
import { changesOf } from "./said-again.ts";
import { applyStages, offerStages, type Made, type StagesPlan, type Staging } from "./staged.ts";
import * as hanging from "./twin/attached-code.ts";
import * as write from "./twin/code.ts";
import { isComparable, twinOf, type Twin } from "./twin/column.ts";
import { twinStages, type Change } from "./twin/stages.ts";

const renamesColumn = ({ kind, details, columns }: Operation): boolean =>
  kind === "alter_column" && details.newName !== undefined && details.newName !== columns[0];

function make(staging: Staging): Made {
  const { project, judged } = staging;
  const { operation, schema } = judged;
  const twin = twinOf(staging, {
    changes: ["newName"],
    name: () => operation.details.newName ?? "",
    type: (type) => type,
  });
  const words = `${renderName(twin.table)}.${twin.old.name}`;
  if (!isComparable(twin.type, schema))
    throw new Refused(
      `${words} is of the type ${renderColumnType(twin.type)}, of which a trigger could not tell for certain whether it has changed.`,
    );
  return {
    plan: {
      stages: twinStages(staging, changeOf(twin)),
      notes: [
        ...sharedTransaction(project),
        ...hanging.notesOf(twin),
        ...(twin.attached.numbering.identity?.definition.always
          ? [`Until the last stage ${twin.name} takes a number that is given to it, which ${twin.old.name} does not.`]
          : []),
        ...(twin.old.default
          ? [
              `While both are there, a row that is inserted with NULL for ${twin.name} gets the default of ${twin.old.name}.`,
            ]
          : []),
        "Other triggers of the table fire for the rows that are filled, and the new column stands last in the table.",
      ],
    },
    title: `Rename ${words} to ${twin.name} in three stages, with both columns in step between them`,
  };
}

/** Whichever of the two a statement has set decides. */
function inStep({ old, name }: Twin): readonly string[] {
  const [from, to] = [write.quote(old.name), write.quote(name)];
  return [
    "IF TG_OP = 'INSERT' THEN",
    `    IF NEW.${to} IS NULL THEN NEW.${to} := NEW.${from}; ELSE NEW.${from} := NEW.${to}; END IF;`,
    `ELSIF NEW.${to} IS DISTINCT FROM OLD.${to} THEN`,
    `    NEW.${from} := NEW.${to};`,
    "ELSE",
    `    NEW.${to} := NEW.${from};`,
    "END IF;",
  ];
}

function changeOf(twin: Twin): Change {
  const { table, old, name, type } = twin;
  const [from, to] = [write.quote(old.name), write.quote(name)];
  const fill = `UPDATE ${renderFullName(table)} SET ${to} = ${from} WHERE ${to} IS DISTINCT FROM ${from}`;
  const expand: Change["expand"] = (code) =>
    [
      write.addColumn(code, twin, name, type),
      write.addTrigger(code, twin, inStep(twin)),
      ...write.addCheck(code, twin),
      ...hanging.addUnchecked(code, twin),
    ].join("\n");
  return {
    twin,
    fill,
    expand,
    takeBack: (code) => [...write.dropTrigger(code, twin), write.dropColumn(code, twin, name)].join("\n"),
    contract: (code) =>
      [
        ...write.dropTrigger(code, twin),
        ...write.setLike(code, twin, name, old),
        ...write.dropCheck(code, twin),
        ...hanging.dropReferrers(code, twin, "old"),
        ...hanging.moveSequences(code, twin, { to: name }),
        ...hanging.addIdentity(code, twin, name),
        ...hanging.swapComment(twin),
        write.dropColumn(code, twin, old.name),
        ...hanging.renameIdentity(code, twin),
        ...hanging.takeNames(code, twin),
      ].join("\n"),
    expandAgain: (code) =>
      [
        write.renameColumn(code, twin, name, old.name),
        expand(code),
        write.execute(code, fill),
        ...hanging.buildTogether(code, twin),
        ...write.validateCheck(code, twin),
        ...hanging.validateAll(code, twin),
      ].join("\n"),
    undoes: (operation) =>
      operation.kind === "alter_column" &&
      operation.table !== undefined &&
      keyOf(operation.table) === keyOf(table) &&
      operation.columns[0] === name &&
      operation.details.newName === old.name &&
      changesOf(operation, { ...old, name }).every((change) => change === "newName"),
  };
}

const advice = (parts: readonly Part[]): string =>
  `\`alembic upgrade head\` runs all three: stop at the second (\`alembic upgrade ${parts[1]?.revision ?? ""}\`), release the code that says the new name, and run the last once no instance says the old one.`;

export const stageColumnRename = defineRefactoring<StagesPlan>({
  id: "stage-column-rename",
  title: "Rename the column in stages",
  summary:
    "Makes of a rename a second column that a trigger keeps in step, fills it in batches, and drops the old column in a later revision.",
  why: `No moment suits a rename: the old release says the old name, the new one the new name, and one of them fails until all instances are replaced. With both
columns there, and each write seen in both, either release works, and the new one can be taken back.`,
  keeps: [
    "The schema in the end: the type, NOT NULL, the default and the comment, under the new name.",
    "What is on the column, under its names: indexes and the index of a key are built concurrently, checks and foreign keys are added NOT VALID and validated, those of other tables included; the last stage only swaps them.",
    "Its numbers: the sequence of a serial column goes over to the new one, that of an identity goes on where it stands.",
    "Every row: whichever of the two columns is written, the other one follows, until the last stage takes the trigger and the old column away.",
    "NOT NULL without a scan under the lock, by way of a check that is validated once the rows are filled; PostgreSQL 18 names it anew.",
    "Everything else of the revision, in the first of the three, and the original revision id, on the last.",
    "The way back from each of the three, where downgrade() renames the column back.",
  ],
  refuses: [
    "Columns that a view may read, that another one is computed from, or that are computed themselves.",
    "Constraints that exclude rows, are deferrable keys or are not enforced, indexes with settings of their storage, and all of them whose name is not known.",
    "Foreign keys that set a default, or that a partitioned table has.",
    "Types of which PostgreSQL cannot tell for certain that a value has changed, such as json.",
    "Tables of which not all is known, that have no primary key, are partitioned or inherit.",
    "A rename that changes more than the name, in a loop, under a test or in a helper, and a revision that goes on with the column.",
    "Merges and revisions of several databases.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "A column with a better name",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
`,
      before: `def upgrade() -> None:
    <|>op.alter_column("users", "name", new_column_name="full_name")


def downgrade() -> None:
    op.alter_column("users", "full_name", new_column_name="name")
`,
      after: [
        `def upgrade() -> None:
    # A trigger keeps full_name in step with name until the last of the three revisions.
    op.add_column("users", sa.Column("full_name", sa.Text()))
    op.execute(
        """
        CREATE FUNCTION sync_users_full_name() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.full_name IS NULL THEN NEW.full_name := NEW.name; ELSE NEW.name := NEW.full_name; END IF;
            ELSIF NEW.full_name IS DISTINCT FROM OLD.full_name THEN
                NEW.name := NEW.full_name;
            ELSE
                NEW.full_name := NEW.name;
            END IF;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER zz_sync_users_full_name BEFORE INSERT OR UPDATE ON users
        FOR EACH ROW EXECUTE FUNCTION sync_users_full_name()
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER zz_sync_users_full_name ON users")
    op.execute("DROP FUNCTION sync_users_full_name()")
    op.drop_column("users", "full_name")
`,
        `def upgrade() -> None:
    if op.get_context().as_sql:
        op.execute("UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name")
    else:
        with op.get_context().autocommit_block():
            # Each batch is committed by itself; after a failure, run the revision again.
            starts = op.get_bind().execute(
                sa.text(
                    "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS row_number FROM users) AS keys"
                    " WHERE mod(row_number - 1, :size) = 0 ORDER BY id"
                ),
                {"size": BATCH_SIZE},
            ).fetchall()
            batch = sa.text(
                "UPDATE users SET full_name = name WHERE (full_name IS DISTINCT FROM name) AND users.id >= :low AND users.id < :high"
            )
            last_batch = sa.text(
                "UPDATE users SET full_name = name WHERE (full_name IS DISTINCT FROM name) AND users.id >= :low"
            )
            for number, low in enumerate(starts, 1):
                is_last = number == len(starts)
                bounds = {"low": low[0]} if is_last else {"low": low[0], "high": starts[number][0]}
                rows = op.get_bind().execute(last_batch if is_last else batch, bounds).rowcount
                logging.getLogger("alembic.runtime.migration").info(
                    "users: batch %s of %s, %s rows", number, len(starts), rows
                )


def downgrade() -> None:
    pass
`,
        `def upgrade() -> None:
    op.execute("DROP TRIGGER zz_sync_users_full_name ON users")
    op.execute("DROP FUNCTION sync_users_full_name()")
    op.drop_column("users", "name")


def downgrade() -> None:
    op.alter_column("users", "full_name", new_column_name="name")
    op.add_column("users", sa.Column("full_name", sa.Text()))
    op.execute(
        """
        CREATE FUNCTION sync_users_full_name() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.full_name IS NULL THEN NEW.full_name := NEW.name; ELSE NEW.name := NEW.full_name; END IF;
            ELSIF NEW.full_name IS DISTINCT FROM OLD.full_name THEN
                NEW.name := NEW.full_name;
            ELSE
                NEW.full_name := NEW.name;
            END IF;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER zz_sync_users_full_name BEFORE INSERT OR UPDATE ON users
        FOR EACH ROW EXECUTE FUNCTION sync_users_full_name()
        """
    )
    op.execute("UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name")
`,
      ],
    },
  ],
  plan: offerStages(renamesColumn, make),
  apply: applyStages(advice),
});
