/** Constraints that are added to tables which people use, and for which the server goes through all rows at once. */
import type { Judged } from "../facts/judged.ts";
import { includesTable, isEmptied, isLive, liveLocks } from "../facts/live.ts";
import type { Impact } from "../locks/impact.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import type { ConstraintDefinition } from "../sql/definition.ts";
import { at, type Found, type Subject } from "./define.ts";
import { isSmall } from "./small-tables.ts";
import { renderWaiting } from "./waiting.ts";

export interface Added extends Found {
  readonly constraint: ConstraintDefinition;
  readonly table: QualifiedName;
  /** `nobody can write to orders`. */
  readonly waiting: string;
  /** It comes with a new column. */
  readonly column: string | undefined;
  readonly judged: Judged;
}

const byKind: Readonly<Partial<Record<string, ConstraintDefinition["type"]>>> = {
  create_foreign_key: "foreign_key",
  create_check_constraint: "check",
  create_unique_constraint: "unique",
  create_primary_key: "primary_key",
  create_exclude_constraint: "exclude",
};

/** Those that an operation makes; where they could not be read, what its kind tells. */
export function constraintsOf({ operation }: Judged): readonly ConstraintDefinition[] {
  const { kind, details, name } = operation;
  if (kind === "create_table") return [];
  const type = byKind[kind];
  const unread: readonly ConstraintDefinition[] = type
    ? [{ type, columns: undefined, ...(name && { name }), ...(details.notValid && { notValid: true as const }) }]
    : [];
  return details.constraints ?? unread;
}

/** `work`: whether the server goes through the rows of the table to make the constraint. */
export function* addedConstraints(
  { judged, project }: Subject,
  type: ConstraintDefinition["type"],
  work: (impact: Impact) => readonly QualifiedName[],
  options: { readonly minimumRows: number },
): Iterable<Added> {
  for (const one of judged) {
    const { table, kind, columns } = one.operation;
    if (!one.isUnderstood || table === undefined || !isLive(one, table) || isEmptied(one, table)) continue;
    if (isSmall(project, table, options.minimumRows)) continue;
    for (const constraint of constraintsOf(one)) {
      if (constraint.type !== type || constraint.notValid || constraint.notEnforced) continue;
      const { impact } = one;
      if (impact === undefined || !includesTable(work(impact), table)) continue;
      const waiting = renderWaiting(liveLocks(one, impact));
      if (waiting === undefined) continue;
      const column = kind === "add_column" ? columns[0] : undefined;
      yield { ...at(one), constraint, table, waiting, column, judged: one };
    }
  }
}

/** `uq_users_email`, or what it is on: `the unique constraint of users.email`. */
export function renderConstraint({ constraint: { name, columns }, table }: Added, what: string): string {
  if (name !== undefined) return `${what} ${name}`;
  return columns === undefined || columns.length === 0
    ? `${what} of ${renderName(table)}`
    : `${what} on ${renderName(table)} (${columns.join(", ")})`;
}
