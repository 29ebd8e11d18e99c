/** The problems of a history explained: why Alembic stops at them, and what to do. */
import type { HistoryProblem } from "./history.ts";

export interface Explanation {
  readonly code: HistoryProblem["code"];
  readonly summary: string;
  readonly why: string;
  readonly instead: string;
  readonly sources: readonly string[];
}

const branches = "https://alembic.sqlalchemy.org/en/latest/branches.html";
const tutorial = "https://alembic.sqlalchemy.org/en/latest/tutorial.html#create-a-migration-script";

const explanations: Readonly<Record<HistoryProblem["code"], Omit<Explanation, "code">>> = {
  "duplicate-branch-label": {
    summary: "A branch label is used twice, or is also the id of a revision.",
    why: `A label stands for one branch: \`alembic upgrade label@head\` must lead to one place. Alembic refuses to load the history.`,
    instead: `Keep the label on the first revision of the branch, and take it from the other. After a merge of two lines of work, give the younger another name.`,
    sources: [`${branches}#working-with-branch-labels`],
  },
  "duplicate-revision": {
    summary: "Two files have one revision id.",
    why: `Alembic takes the file that it reads last and warns: the other never runs, and nobody can say which of the two a database has run.
It happens when a file is copied, or is both where it was and where it was moved.`,
    instead: `Delete the copy. If both are meant, give the one that has run nowhere a new id (\`alembic revision\` makes one), and let it follow the other.`,
    sources: [tutorial],
  },
  "illegal-revision-id": {
    summary: "A revision id has a character that Alembic keeps for itself.",
    why: `"@", "-" and "+" have a meaning in what one writes on the command line (\`label@head\`, \`head-1\`, \`+2\`). Alembic refuses to load such a revision.`,
    instead: `Take the character out of the id, in this file and wherever else the id is named: in children, \`depends_on\`, and rows of \`alembic_version\`.`,
    sources: [tutorial],
  },
  "missing-down-revision": {
    summary: "A revision has no variable down_revision.",
    why: `Alembic asks every file with a \`revision\` for its parent, and stops with an AttributeError where there is none.`,
    instead: `Write \`down_revision = None\` into the first revision of a history, the id of the parent into every other.`,
    sources: [tutorial],
  },
  "missing-parent": {
    summary: "The parent of a revision is in no file.",
    why: `Alembic cannot tell where the revision belongs, warns, and fails with a KeyError once it walks there. The parent's file was
deleted or renamed, is on another git branch, or its id was abbreviated: files need the whole id.`,
    instead: `Bring the file back (\`git log --all -- versions/\` finds it), or set \`down_revision\` to the revision that now comes before. If databases have run the lost
revision, they stand at an id that is gone: they need \`alembic stamp --purge\`.`,
    sources: [tutorial, "https://alembic.sqlalchemy.org/en/latest/api/commands.html#alembic.command.stamp"],
  },
  "revision-cycle": {
    summary: "Revisions wait for each other in a circle.",
    why: `None of them can run first, so Alembic runs none, and refuses the whole history. It happens when a revision is moved onto one of its own
descendants, or when \`depends_on\` points forward.`,
    instead: `Find the link that is not true, mostly the one that was changed last, and set it to the revision that really comes before.`,
    sources: [`${branches}#branch-dependencies`],
  },
  "revision-id-too-long": {
    summary: "A revision id is longer than the column that stores it.",
    why: `\`alembic_version.version_num\` is VARCHAR(32). The revision runs, and then the server refuses the row that says so: all is rolled back, or, where DDL
cannot be, half of it stays. SQLite does not look, so that tests pass.`,
    instead: `Shorten the id to 32 characters, here and where it is named.`,
    sources: [
      "https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.environment.EnvironmentContext.configure.params.version_table",
    ],
  },
  "unknown-dependency": {
    summary: "A revision depends on one that is in no file, and on no branch label.",
    why: `Alembic cannot order the history without it, and fails when it loads the revisions.`,
    instead: `Write the whole id of the revision, or the label of the branch, that must have run before.`,
    sources: [`${branches}#branch-dependencies`],
  },
};

export const explainedProblems: readonly Explanation[] = Object.entries(explanations)
  .map(([code, one]): Explanation => ({ code: code as HistoryProblem["code"], ...one }))
  .sort((a, b) => (a.code < b.code ? -1 : 1));

export const findExplanation = (code: string): Explanation | undefined =>
  explainedProblems.find((one) => one.code === code);
