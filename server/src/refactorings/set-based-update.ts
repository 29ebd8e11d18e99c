import { judgedIn, type Judged } from "../facts/judged.ts";
import { findRowLoop, type WrittenLoop } from "../model/written-loop.ts";
import type { Direction, Operation, RevisionFile, Statement } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { newEdit, type Edit } from "../rewrite/edit.ts";
import { quoteOf, renderString } from "../rewrite/literal.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { contains, slice } from "../text/range.ts";
import { defineConstant, freshNames } from "./constants.ts";
import { defineRefactoring, type Offer } from "./define.ts";
import { applyEditsPlan, type EditsPlan } from "./edited.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt } from "./place.ts";
import { setBased } from "./rows/statement.ts";

interface Found {
  readonly operation: Operation;
  readonly offer: Offer<EditsPlan>;
}

const find = remembered((project, file): readonly Found[] =>
  file.isRevision
    ? [...file.upgrades, ...file.downgrades].flatMap((direction) =>
        direction.operations.some(isInRowLoop)
          ? judgedIn(project, file, direction)
              .filter((one) => one.isUnderstood && isInRowLoop(one.operation))
              .map((one) => ({
                operation: one.operation,
                offer: orUnavailable(() => offerFor(project, file, direction, one)),
              }))
          : [],
      )
    : [],
);

const isInRowLoop = ({ effect, kind, context }: Operation): boolean =>
  effect === "data" && kind !== "truncate" && context.some((one) => one.kind === "loop" && one.over === "query");

/** @throws Refused where the statements of the loop could not be sent together. */
function offerFor(project: Project, file: RevisionFile, direction: Direction, judged: Judged): Offer<EditsPlan> {
  const { operation } = judged;
  const loop = loopOf(file, operation);
  const statement = direction.statements[operation.statement];
  const outer = statement && outermost(statement, loop);
  const at = lineOf(file, operation.range);
  if (!outer) throw new Refused(`The loop around ${at} is no statement of ${direction.name}() itself.`);
  const inside = direction.operations.filter((one) => one !== operation && contains(loop.range, one.range));
  const [disturbing] = inside.filter((one) => !contains(loop.over, one.range));
  if (disturbing)
    throw new Refused(
      `What is done on ${lineOf(file, disturbing.range)} in the same loop may need what the turns before have changed.`,
    );
  const edit = newEdit(file);
  // The last turn leaves its names behind.
  const after = direction.statements.slice(direction.statements.indexOf(outer) + 1).flatMap(({ uses }) => uses);
  const [query, ...queries] = after.some((name) => loop.binds.has(name)) ? [] : inside;
  const whole = query && queries.length === 0 ? wholeOf(project, judged, loop, query) : undefined;
  if (whole !== undefined) {
    const text = edit.addImport("sqlalchemy.text");
    edit.replaceStatement(
      outer,
      `${slice(file.text, loop.receiver)}.execute(${text}(${renderString(whole, quoteOf(file))}))`,
    );
    return { plan: { edits: edit.build(), notes: [] }, title: "Change the rows by one statement" };
  }
  inChunks(file, edit, outer, loop);
  return {
    plan: {
      edits: edit.build(),
      notes: ["Python still computes each value; what it has read is not locked meanwhile."],
    },
    title: "Send the changes of the rows to the server in chunks",
  };
}

function loopOf(file: RevisionFile, operation: Operation): WrittenLoop {
  const at = lineOf(file, operation.range);
  if (operation.calls.length > 0) throw new Refused(`What is run on ${at} stands in a helper.`);
  const loop = findRowLoop(file, operation);
  if (!loop || operation.runner === "op")
    throw new Refused(`What is run on ${at} is not one statement that is given its values as a dictionary.`);
  const own = [...loop.uses].find((name) => loop.binds.has(name));
  if (own !== undefined)
    throw new Refused(`The statement on ${at} is another in each turn, since it is made with ${own}.`);
  if (loop.leaves) throw new Refused(`The loop around ${at} catches errors, leaves the function, or has an else.`);
  return loop;
}

/** The loop itself, in the function's own body. */
const outermost = (statement: Statement, { range }: WrittenLoop): Statement | undefined =>
  statement.range.start === range.start && !statement.shared ? statement : undefined;

function wholeOf(
  project: Project,
  { operation, schema }: Judged,
  loop: WrittenLoop,
  query: Operation,
): string | undefined {
  const table = operation.table && schema.table(operation.table);
  if (project.config.dialect !== "postgresql" || operation.kind !== "update" || query.kind !== "select")
    return undefined;
  if (typeof table !== "object" || operation.sql === undefined || query.sql === undefined) return undefined;
  if (operation.confidence !== "certain" || operation.interpolated || query.interpolated) return undefined;
  return operation.table?.schema === undefined ? setBased(loop, query.sql, operation.sql, table) : undefined;
}

function inChunks(file: RevisionFile, edit: Edit, outer: Statement, loop: WrittenLoop): void {
  const fresh = freshNames(file);
  const rows = fresh("parameters");
  const size = defineConstant(file, edit, {
    name: "CHUNK_SIZE",
    value: "1_000",
    comment: "Rows that are sent to the server at a time.",
  });
  const run = `${slice(file.text, loop.receiver)}.execute(${slice(file.text, loop.statement)}, ${rows})`;
  const inner = innermost([outer], loop);
  if (!inner) throw new Refused(`The loop on ${lineOf(file, loop.range)} is not read in full.`);
  edit.insertBefore(outer, `${rows} = []`);
  edit.replaceStatement(
    inner,
    [
      `${rows}.append(${slice(file.text, loop.parameters)})`,
      `if len(${rows}) == ${size}:`,
      `    ${run}`,
      `    ${rows} = []`,
    ].join("\n"),
  );
  edit.insertAfter(outer, `if ${rows}:\n    ${run}`);
}

function innermost(block: readonly Statement[], loop: WrittenLoop): Statement | undefined {
  const statement = block.find(({ range }) => contains(range, loop.call));
  const blocks = statement?.compound?.blocks ?? [];
  return blocks.length === 0
    ? statement
    : blocks.map(({ statements }) => innermost(statements, loop)).find((one) => one !== undefined);
}

export const setBasedUpdate = defineRefactoring<EditsPlan>({
  id: "set-based-update",
  title: "Change the rows together, not one by one",
  summary:
    "Makes of a loop that changes one row at a time a single statement where the server can compute the same, else sends the changes in chunks.",
  why: `Each row is a round trip to the server, and a million of them take many minutes in one transaction. The server does the same in one statement in seconds; where only
Python can compute the value, the changes of a thousand rows travel together.`,
  keeps: [
    "What every row becomes, and the order of the changes.",
    "One statement only where nothing but whole numbers and texts that cannot be NULL is computed with, and each row is found by its primary key.",
    "The statement and its values as they are written, where they are sent in chunks.",
  ],
  refuses: [
    "Loops that run other statements as well, catch errors, or leave the function.",
    "Statements that are another in each turn, and SQLAlchemy's constructs with the row's values in them.",
    "Loops in loops, under a test, or in a helper.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "A score that the server can compute",
      given: `op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("posts", sa.Integer(), nullable=False),
    sa.Column("comments", sa.Integer(), nullable=False),
    sa.Column("score", sa.Integer()),
)
`,
      before: `def upgrade() -> None:
    connection = op.get_bind()
    for user_id, posts, comments in connection.execute(sa.text("SELECT id, posts, comments FROM users")).fetchall():
        score = posts * 10 + comments * 5
        <|>connection.execute(sa.text("UPDATE users SET score = :score WHERE id = :id"), {"score": score, "id": user_id})


def downgrade() -> None:
    pass
`,
      after: [
        `def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE users SET score = posts * 10 + comments * 5"))


def downgrade() -> None:
    pass
`,
      ],
    },
    {
      title: "A value that only Python can compute",
      before: `def upgrade() -> None:
    connection = op.get_bind()
    for user in connection.execute(sa.text("SELECT id, name FROM users")):
        <|>connection.execute(
            sa.text("UPDATE users SET slug = :slug WHERE id = :id"),
            {"slug": user.name.casefold().replace(" ", "-"), "id": user.id},
        )


def downgrade() -> None:
    pass
`,
      after: [
        `def upgrade() -> None:
    connection = op.get_bind()
    parameters = []
    for user in connection.execute(sa.text("SELECT id, name FROM users")):
        parameters.append({"slug": user.name.casefold().replace(" ", "-"), "id": user.id})
        if len(parameters) == CHUNK_SIZE:
            connection.execute(sa.text("UPDATE users SET slug = :slug WHERE id = :id"), parameters)
            parameters = []
    if parameters:
        connection.execute(sa.text("UPDATE users SET slug = :slug WHERE id = :id"), parameters)


def downgrade() -> None:
    pass
`,
      ],
    },
  ],
  plan: (place) => find(place.project, place.file).find(({ operation }) => isAt(place, operation))?.offer,
  apply: applyEditsPlan,
});
