/** The option by which rules leave alone what takes a moment on a table that is known to be small. */
import { sizeOf } from "../project/sizes.ts";
import type { Project } from "../project/snapshot.ts";
import type { QualifiedName } from "../sql/action.ts";
import { option } from "./define.ts";

export const minimumRows = option.integer({
  default: 1000,
  description: "Ignore tables that hold fewer rows, as far as the project's statistics file tells.",
});

/** False where its size is not known. */
export function isSmall(project: Project, table: QualifiedName, minimum: number): boolean {
  const rows = sizeOf(project, table)?.rows;
  return rows !== undefined && rows < minimum;
}
