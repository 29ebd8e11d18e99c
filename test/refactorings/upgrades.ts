/** Short views of what a refactoring made, for tests that are about one aspect of it. */
import type { Refactored } from "../support/cases.ts";
import { reason } from "../support/txtar.ts";

const bodyOf = (text: string, name: string): string => {
  const start = text.indexOf(`def ${name}(`);
  if (start < 0) return "";
  const body = text.slice(text.indexOf("\n", start) + 1);
  const end = body.search(/^[^\s#)]/m);
  return (end < 0 ? body : body.slice(0, end)).trimEnd().replaceAll(/^ {4}/gm, "");
};

/** The body of `upgrade()` in each part, in the order of the chain, without its indentation. */
export const upgradesOf = ({ parts }: Refactored): readonly string[] =>
  parts.map(({ text }) => bodyOf(text, "upgrade"));

export const downgradesOf = ({ parts }: Refactored): readonly string[] =>
  parts.map(({ text }) => bodyOf(text, "downgrade").replace(reason, ""));

/** A revision with two tables, and the header of the one that is refactored. */
export const givenTable = `-- versions/0001_base.py --
op.create_table(
    "t",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("a", sa.Integer()),
    sa.Column("b", sa.Integer()),
)
op.execute("CREATE TABLE p (a int) PARTITION BY RANGE (a)")
-- versions/0002_case.py --
`;
