import { playedIn } from "../facts/played.ts";
import { typeChangeOf } from "../locks/postgres/alter-column.ts";
import type { Operation } from "../model/revision.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { freeName } from "../schema/replay/names.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { Column, Table } from "../schema/state.ts";
import { renderName } from "../sql/action.ts";
import type { ColumnType, SqlExpression } from "../sql/definition.ts";
import { renameColumn as renameInExpression } from "../sql/postgres/rename-in-expression.ts";
import { renderColumnType } from "../sql/postgres/type-text.ts";
import { renderFullName } from "../sql/quote.ts";
import { sharedTransaction } from "./apart.ts";
import { defineRefactoring, type Part } from "./define.ts";
import { applyStages, offerStages, type Made, type StagesPlan, type Staging } from "./staged.ts";
import * as hanging from "./twin/attached-code.ts";
import * as write from "./twin/code.ts";
import { twinOf, type Twin } from "./twin/column.ts";
import { twinStages, type Change } from "./twin/stages.ts";

const changesType = ({ kind, details }: Operation): boolean =>
  kind === "alter_column" && (details.newSqlType !== undefined || details.newType !== undefined);

function make(staging: Staging): Made | undefined {
  const { file, project, judged } = staging;
  const { operation, schema } = judged;
  const { table, details, columns } = operation;
  const known = table && schema.table(table);
  const column = typeof known === "object" ? known.columns.find(({ name }) => name === columns[0]) : undefined;
  const change = typeChangeOf(operation, schema, column);
  // It is done in a moment, and there is nothing to stage.
  if (change.effect !== "rewrite" && change.effect !== "time zone") return undefined;
  const type = details.newSqlType;
  const at = lineOf(file, operation.range);
  if (!type) throw new Refused(`The type on ${at} is not known.`);
  const using = usingOf(details.using, at);
  if (change.effect === "time zone" && using === undefined)
    throw new Refused(
      `What a time on ${at} becomes depends on the time zone of the session, and the trigger runs in those of others: say it in USING (at AT TIME ZONE 'UTC').`,
    );
  const twin = twinOf(staging, { changes: ["newType", "newSqlType", "using"], name: newName, type: () => type });
  const words = `${renderName(twin.table)}.${twin.old.name}`;
  return {
    plan: {
      stages: twinStages(staging, changeOf(twin, using, finalColumn(staging, twin))),
      notes: [
        ...sharedTransaction(project),
        ...hanging.notesOf(twin),
        ...(isWider(twin.old.type, type)
          ? []
          : [
              `From the first stage on, a value of ${twin.old.name} that ${renderColumnType(type)} cannot hold is refused.`,
            ]),
        ...(twin.attached.numbering.serial
          ? [
              `Its sequence counts as ${renderColumnType(type)} in the end, too, which a change of the column alone does not see to.`,
            ]
          : []),
        "Other triggers of the table fire for the rows that are filled, and the new column stands last in the table.",
      ],
    },
    title: `Change ${words} to ${renderColumnType(type)} in three stages, without writing the table anew under its lock`,
  };
}

const whole = ["smallint", "integer", "bigint"];

/** It holds all that the other does. */
const isWider = (from: ColumnType, to: ColumnType): boolean =>
  from.dimensions === to.dimensions && whole.includes(from.name) && whole.indexOf(to.name) > whole.indexOf(from.name);

function usingOf(using: SqlExpression | undefined, at: string): string | undefined {
  if (using === undefined) return undefined;
  if (using.sql === undefined || using.sql.includes("…"))
    throw new Refused(`The expression of USING on ${at} is not known.`);
  return using.sql;
}

/** `total_new`, or with a number where that is taken. */
const newName = ({ columns }: Table, name: string): string =>
  freeName(name, "new", (candidate) => columns.some((column) => column.name === candidate));

/** As the original leaves it: the server may have converted its default. */
function finalColumn({ project, file, upgrade, judged }: Staging, { table, old }: Twin): Column {
  const played = playedIn(project, file, upgrade);
  const after = (played?.met[judged.index + 1] ?? played?.after)?.table(table);
  const column = typeof after === "object" ? after.columns.find(({ name }) => name === old.name) : undefined;
  if (!column) throw new Refused(`What ${renderName(table)}.${old.name} is like in the end is not known.`);
  return column;
}

/** The value of a column as the server converts it when it is assigned, or as an expression has it. */
const converted = (column: string, using: string | undefined): string => using ?? write.quote(column);

function changeOf(twin: Twin, using: string | undefined, final: Column): Change {
  const { table, old, name, type } = twin;
  const [from, to] = [write.quote(old.name), write.quote(name)];
  const full = renderFullName(table);
  // The expression may name any column, also with the table's name before it.
  const body =
    using === undefined
      ? [`NEW.${to} := NEW.${from};`]
      : [`SELECT ${using} INTO NEW.${to} FROM (SELECT NEW.*) AS ${write.quote(table.name)};`];
  const keep = (code: Parameters<Change["expand"]>[0]): readonly string[] => [
    write.addTrigger(code, twin, body),
    ...write.addCheck(code, twin),
  ];
  return {
    twin,
    fill: `UPDATE ${full} SET ${to} = ${converted(old.name, using)} WHERE ${to} IS NULL`,
    expand: (code) =>
      [write.addColumn(code, twin, name, type), ...keep(code), ...hanging.addUnchecked(code, twin)].join("\n"),
    takeBack: (code) => [...write.dropTrigger(code, twin), write.dropColumn(code, twin, name)].join("\n"),
    contract: (code) =>
      [
        ...write.dropTrigger(code, twin),
        ...write.setLike(code, twin, name, final),
        ...write.dropCheck(code, twin),
        ...hanging.dropReferrers(code, twin, "old"),
        ...hanging.moveSequences(code, twin, { to: name, type }),
        ...hanging.addIdentity(code, twin, name),
        ...hanging.swapComment(twin),
        write.dropColumn(code, twin, old.name),
        write.renameColumn(code, twin, name, old.name),
        ...hanging.renameIdentity(code, twin),
        ...hanging.takeNames(code, twin),
      ].join("\n"),
    expandAgain: (code, back) =>
      [
        ...hanging.giveNames(code, twin),
        write.renameColumn(code, twin, old.name, name),
        write.addColumn(code, twin, old.name, back.details.newSqlType ?? old.type),
        write.execute(code, `UPDATE ${full} SET ${from} = ${converted(name, backUsing(back, old.name, name))}`),
        ...write.setLike(code, twin, old.name, old),
        ...hanging.moveSequences(code, twin, { to: old.name, type: back.details.newSqlType ?? old.type }),
        ...hanging.addIdentity(code, twin, old.name),
        ...hanging.dropIdentity(code, twin, name),
        ...hanging.renameIdentity(code, twin),
        ...write.unsetLike(code, twin, name, final),
        ...hanging.addAgain(code, twin),
        ...hanging.buildKeysTogether(code, twin),
        ...keep(code),
        ...write.validateCheck(code, twin),
      ].join("\n"),
    undoes: ({ kind, table: on, columns, details }) =>
      kind === "alter_column" &&
      on !== undefined &&
      keyOf(on) === keyOf(table) &&
      columns[0] === old.name &&
      details.newSqlType !== undefined,
  };
}

/** What downgrade() says in USING, of the column that holds the values then. */
function backUsing({ details }: Operation, old: string, name: string): string | undefined {
  if (details.using === undefined) return undefined;
  const renamed = details.using.sql === undefined ? undefined : renameInExpression(details.using.sql, old, name);
  if (renamed === undefined) throw new Refused("The expression of USING in downgrade() is not known.");
  return renamed;
}

const advice = (parts: readonly Part[]): string =>
  `\`alembic upgrade head\` runs all three; to look at the new values first, stop at the second (\`alembic upgrade ${parts[1]?.revision ?? ""}\`).`;

export const stageTypeChange = defineRefactoring<StagesPlan>({
  id: "stage-type-change",
  title: "Change the type in stages",
  summary:
    "Makes of a change of type a second column that a trigger fills, converts the rows in batches, and swaps the two by their names.",
  why: `A new type that is stored otherwise makes the server write every row anew while nobody may read or write the table. A second column is filled a batch at a
time while everybody goes on, and the swap takes a moment, also where the column is a key that others point at and that runs out of numbers.`,
  keeps: [
    "The schema in the end: the name, the new type, NOT NULL, the default and the comment.",
    "What is on the column, under its names: indexes and the index of a key are built concurrently, checks and foreign keys are added NOT VALID and validated, those of other tables included; the last stage only swaps them.",
    "Its numbers: the sequence of a serial column goes over to the new one and counts in the new type, that of an identity goes on where it stands.",
    "Every row, converted as the original does: by the cast of an assignment, or by the expression of USING.",
    "Rows that are written meanwhile: the trigger converts them as they are.",
    "NOT NULL without a scan under the lock, by way of a check that is validated once the rows are filled; PostgreSQL 18 names it anew.",
    "Everything else of the revision, in the first of the three, and the original revision id, on the last.",
    "The way back from each of the three, where downgrade() changes the type back.",
  ],
  refuses: [
    "Columns that a view may read, that another one is computed from, or that are computed themselves.",
    "Constraints that exclude rows, are deferrable keys or are not enforced, indexes with settings of their storage, and all of them whose name is not known.",
    "Foreign keys that set a default, that could not compare the new type, or that a partitioned table has.",
    "A conversion that depends on the time zone of the session.",
    "Tables of which not all is known, that have no primary key, are partitioned or inherit.",
    "A change of more than the type, in a loop, under a test or in a helper, and a revision that goes on with the column.",
    "Merges and revisions of several databases.",
  ],
  keepsSchema: true,
  createsFiles: true,
  examples: [
    {
      title: "A key that runs out of numbers, and a table that points at it",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id", name="fk_orders_user")))
`,
      before: `def upgrade() -> None:
    <|>op.alter_column("users", "id", existing_type=sa.Integer(), type_=sa.BigInteger())


def downgrade() -> None:
    op.alter_column("users", "id", existing_type=sa.BigInteger(), type_=sa.Integer())
`,
      after: [
        `def upgrade() -> None:
    # A trigger keeps id_new in step with id until the last of the three revisions.
    op.add_column("users", sa.Column("id_new", sa.BigInteger()))
    op.execute(
        """
        CREATE FUNCTION sync_users_id_new() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.id_new := NEW.id;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER zz_sync_users_id_new BEFORE INSERT OR UPDATE ON users
        FOR EACH ROW EXECUTE FUNCTION sync_users_id_new()
        """
    )
    op.create_check_constraint(op.f("ck_users_id_new_not_null"), "users", "id_new IS NOT NULL", postgresql_not_valid=True)


def downgrade() -> None:
    op.execute("DROP TRIGGER zz_sync_users_id_new ON users")
    op.execute("DROP FUNCTION sync_users_id_new()")
    op.drop_column("users", "id_new")
`,
        `def upgrade() -> None:
    if op.get_context().as_sql:
        op.execute("UPDATE users SET id_new = id WHERE id_new IS NULL")
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
                "UPDATE users SET id_new = id WHERE (id_new IS NULL) AND users.id >= :low AND users.id < :high"
            )
            last_batch = sa.text(
                "UPDATE users SET id_new = id WHERE (id_new IS NULL) AND users.id >= :low"
            )
            for number, low in enumerate(starts, 1):
                is_last = number == len(starts)
                bounds = {"low": low[0]} if is_last else {"low": low[0], "high": starts[number][0]}
                rows = op.get_bind().execute(last_batch if is_last else batch, bounds).rowcount
                logging.getLogger("alembic.runtime.migration").info(
                    "users: batch %s of %s, %s rows", number, len(starts), rows
                )
    with op.get_context().autocommit_block():
        # A run that failed before has left some of them, perhaps invalid.
        op.execute("ALTER TABLE orders DROP CONSTRAINT IF EXISTS fk_orders_user_new")
        op.drop_index(op.f("users_pkey_new"), table_name="users", if_exists=True, postgresql_concurrently=True)
        op.create_index(op.f("users_pkey_new"), "users", ["id_new"], unique=True, postgresql_concurrently=True)
        op.create_foreign_key(op.f("fk_orders_user_new"), "orders", "users", ["user_id"], ["id_new"], postgresql_not_valid=True)
    op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck_users_id_new_not_null")
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk_orders_user_new")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders DROP CONSTRAINT IF EXISTS fk_orders_user_new")
        op.drop_index(op.f("users_pkey_new"), table_name="users", if_exists=True, postgresql_concurrently=True)
`,
        `def upgrade() -> None:
    op.execute("DROP TRIGGER zz_sync_users_id_new ON users")
    op.execute("DROP FUNCTION sync_users_id_new()")
    op.alter_column("users", "id_new", nullable=False)
    op.drop_constraint(op.f("ck_users_id_new_not_null"), "users", type_="check")
    op.drop_constraint(op.f("fk_orders_user"), "orders", type_="foreignkey")
    op.execute("ALTER SEQUENCE users_id_seq AS bigint OWNED BY users.id_new")
    op.execute("ALTER TABLE users ALTER COLUMN id_new SET DEFAULT nextval('users_id_seq'::regclass)")
    # What is on id goes with it; what was made for id_new takes its names.
    op.drop_column("users", "id")
    op.alter_column("users", "id_new", new_column_name="id")
    op.execute("ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_pkey_new")
    op.execute("ALTER TABLE orders RENAME CONSTRAINT fk_orders_user_new TO fk_orders_user")


def downgrade() -> None:
    op.drop_constraint(op.f("fk_orders_user"), "orders", type_="foreignkey")
    op.drop_constraint(op.f("users_pkey"), "users", type_="primary")
    op.alter_column("users", "id", new_column_name="id_new")
    op.add_column("users", sa.Column("id", sa.Integer()))
    op.execute("UPDATE users SET id = id_new")
    op.alter_column("users", "id", nullable=False)
    op.execute("ALTER SEQUENCE users_id_seq AS integer OWNED BY users.id")
    op.execute("ALTER TABLE users ALTER COLUMN id SET DEFAULT nextval('users_id_seq'::regclass)")
    op.alter_column("users", "id_new", nullable=True, server_default=None)
    op.create_primary_key(op.f("users_pkey"), "users", ["id"])
    op.create_foreign_key(op.f("fk_orders_user"), "orders", "users", ["user_id"], ["id"])
    op.create_index(op.f("users_pkey_new"), "users", ["id_new"], unique=True)
    op.create_foreign_key(op.f("fk_orders_user_new"), "orders", "users", ["user_id"], ["id_new"])
    op.execute(
        """
        CREATE FUNCTION sync_users_id_new() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.id_new := NEW.id;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER zz_sync_users_id_new BEFORE INSERT OR UPDATE ON users
        FOR EACH ROW EXECUTE FUNCTION sync_users_id_new()
        """
    )
    op.create_check_constraint(op.f("ck_users_id_new_not_null"), "users", "id_new IS NOT NULL", postgresql_not_valid=True)
    op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck_users_id_new_not_null")
`,
      ],
    },
    {
      title: "A number that gets too large",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("visits", sa.Integer(), nullable=False))
`,
      before: `def upgrade() -> None:
    <|>op.alter_column("users", "visits", existing_type=sa.Integer(), type_=sa.BigInteger())


def downgrade() -> None:
    op.alter_column("users", "visits", existing_type=sa.BigInteger(), type_=sa.Integer())
`,
      after: [
        `def upgrade() -> None:
    # A trigger keeps visits_new in step with visits until the last of the three revisions.
    op.add_column("users", sa.Column("visits_new", sa.BigInteger()))
    op.execute(
        """
        CREATE FUNCTION sync_users_visits_new() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.visits_new := NEW.visits;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER zz_sync_users_visits_new BEFORE INSERT OR UPDATE ON users
        FOR EACH ROW EXECUTE FUNCTION sync_users_visits_new()
        """
    )
    op.create_check_constraint(op.f("ck_users_visits_new_not_null"), "users", "visits_new IS NOT NULL", postgresql_not_valid=True)


def downgrade() -> None:
    op.execute("DROP TRIGGER zz_sync_users_visits_new ON users")
    op.execute("DROP FUNCTION sync_users_visits_new()")
    op.drop_column("users", "visits_new")
`,
        `def upgrade() -> None:
    if op.get_context().as_sql:
        op.execute("UPDATE users SET visits_new = visits WHERE visits_new IS NULL")
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
                "UPDATE users SET visits_new = visits WHERE (visits_new IS NULL) AND users.id >= :low AND users.id < :high"
            )
            last_batch = sa.text(
                "UPDATE users SET visits_new = visits WHERE (visits_new IS NULL) AND users.id >= :low"
            )
            for number, low in enumerate(starts, 1):
                is_last = number == len(starts)
                bounds = {"low": low[0]} if is_last else {"low": low[0], "high": starts[number][0]}
                rows = op.get_bind().execute(last_batch if is_last else batch, bounds).rowcount
                logging.getLogger("alembic.runtime.migration").info(
                    "users: batch %s of %s, %s rows", number, len(starts), rows
                )
    op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck_users_visits_new_not_null")


def downgrade() -> None:
    pass
`,
        `def upgrade() -> None:
    op.execute("DROP TRIGGER zz_sync_users_visits_new ON users")
    op.execute("DROP FUNCTION sync_users_visits_new()")
    op.alter_column("users", "visits_new", nullable=False)
    op.drop_constraint(op.f("ck_users_visits_new_not_null"), "users", type_="check")
    op.drop_column("users", "visits")
    op.alter_column("users", "visits_new", new_column_name="visits")


def downgrade() -> None:
    op.alter_column("users", "visits", new_column_name="visits_new")
    op.add_column("users", sa.Column("visits", sa.Integer()))
    op.execute("UPDATE users SET visits = visits_new")
    op.alter_column("users", "visits", nullable=False)
    op.alter_column("users", "visits_new", nullable=True)
    op.execute(
        """
        CREATE FUNCTION sync_users_visits_new() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.visits_new := NEW.visits;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER zz_sync_users_visits_new BEFORE INSERT OR UPDATE ON users
        FOR EACH ROW EXECUTE FUNCTION sync_users_visits_new()
        """
    )
    op.create_check_constraint(op.f("ck_users_visits_new_not_null"), "users", "visits_new IS NOT NULL", postgresql_not_valid=True)
    op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck_users_visits_new_not_null")
`,
      ],
    },
  ],
  plan: offerStages(changesType, make),
  apply: applyStages(advice),
});
