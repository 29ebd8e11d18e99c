/** Words that have a meaning of their own, and what they mean. */
export const constraintTypes: Readonly<Record<string, string>> = {
  foreignkey: "a foreign key",
  primary: "the primary key",
  unique: "a unique constraint",
  check: "a check constraint",
};

export const referentialActions: Readonly<Record<string, string>> = {
  CASCADE: "the rows that refer to it go or change with it",
  "SET NULL": "what refers to it becomes NULL",
  "SET DEFAULT": "what refers to it gets its default",
  RESTRICT: "refused while something refers to it",
  "NO ACTION": "refused at the end of the statement, or of the transaction where the constraint is deferred",
};
