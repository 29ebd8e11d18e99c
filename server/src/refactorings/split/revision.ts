/** What every refactoring that cuts a revision asks of it, and says of its parts. */
import type { HistoryProblem } from "../../history/history.ts";
import type { Direction, Operation, RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import { lineOf } from "../../rewrite/refused.ts";
import type { Cut } from "./cut.ts";

export interface SplitPlan {
  readonly upgrade: Direction;
  readonly downgrade: Direction;
  readonly cut: Cut;
}

export const absent: Direction = { name: "downgrade", form: "absent", indent: "", statements: [], operations: [] };

export const list = (words: readonly string[]): string =>
  words.length < 3 ? words.join(" and ") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;

/** What keeps a revision from being cut at all. */
export function whyNever(project: Project, file: RevisionFile): string | undefined {
  const syntax = file.problems.find(({ code }) => code === "syntax");
  if (syntax) return `The file does not parse (${lineOf(file, syntax.range)}).`;
  if (file.upgrades.length > 1 || file.upgrades.some(({ engine }) => engine !== undefined)) {
    return "The revision migrates several databases, and each would need its own cut.";
  }
  if (file.identifiers.downRevision === undefined) return "The file has no down_revision that could be changed.";
  if (project.config.dialect === "sqlite") {
    return "The project runs on SQLite, which locks its whole database for every change: a split would free nobody.";
  }
  if (hasProblem(project, file, "duplicate-revision")) {
    const id = file.identifiers.revision?.value ?? "";
    return `The revision id ${id} is used twice, so it is not clear what follows it.`;
  }
  if (hasProblem(project, file, "revision-cycle"))
    return "The revisions form a cycle, so there is no order that the parts could keep.";
  const endless = [...file.upgrades, ...file.downgrades].find(({ unfinished }) => unfinished === true);
  if (endless) return `There is too much code in ${endless.name}() to follow to its end.`;
  const inline = file.upgrades.find(
    ({ head, body }) =>
      head !== undefined && body !== undefined && !/[\r\n]/.test(file.text.slice(head.end, body.start)),
  );
  return inline && "The body of upgrade() stands on the line of its head.";
}

const hasProblem = ({ history }: Project, { path }: RevisionFile, code: HistoryProblem["code"]): boolean =>
  history.problems.some((problem) => problem.code === code && problem.path === path);

/** What the person should know of the parts. */
export function notesFor(project: Project, file: RevisionFile, { cut, downgrade }: SplitPlan): readonly string[] {
  const notes: string[] = [];
  const { env } = project.config;
  if (env !== undefined && !env.transactionPerMigration) {
    notes.push(
      "env.py does not set transaction_per_migration=True: `alembic upgrade head` runs all parts in one transaction, and the locks are shared as before.",
    );
  }
  for (const operation of cut.doubtful) notes.push(doubt(file, operation));
  if (downgrade.form === "absent") notes.push("There is no downgrade(), and the parts have none either.");
  if (downgrade.form === "pass") notes.push("downgrade() does nothing, in every part.");
  if (downgrade.form === "raise") notes.push("downgrade() refuses to run, in every part.");
  for (const [index, left] of cut.left.entries()) {
    if (left.length > 0) notes.push(leftover(cut.parts[index]?.name ?? "", left));
  }
  return [...new Set(notes)];
}

const shown = 3;

const leftover = (part: string, left: readonly string[]): string =>
  `The downgrade of the ${part} part alone leaves ${list(left.slice(0, shown))}${left.length > shown ? " and more" : ""} as it is, because downgrade() undoes it together with another part; go back through all parts before you run it again.`;

const doubt = (file: RevisionFile, operation: Operation): string =>
  `The statement on ${lineOf(file, operation.range)} was not fully understood${operation.why === undefined ? "" : ` (${operation.why})`}; look at it before you run the parts.`;
