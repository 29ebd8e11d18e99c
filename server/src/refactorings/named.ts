import type { Judged } from "../facts/judged.ts";
import type { Schema } from "../schema/state.ts";

/** An operation, and the schema that it meets. */
export type Step = Pick<Judged, "operation" | "schema">;

/** Constraints and indexes without a name get one from the server or the naming convention, which the replay tells. */
export function named({ operation, schema }: Step, after: Schema): Step {
  const { table, details } = operation;
  const [old, now] = table ? [schema.table(table), after.table(table)] : [];
  if (typeof old !== "object" || typeof now !== "object" || !operation.kind.startsWith("create_"))
    return { operation, schema };
  const before = new Set([...old.constraints, ...old.indexes].map(({ name }) => name));
  const made = [...now.constraints, ...(operation.kind === "create_index" ? now.indexes : [])].filter(
    ({ name }) => name !== undefined && !before.has(name),
  );
  const [only] = made;
  if (made.length !== 1 || only?.name === undefined) return { operation, schema };
  const constraints = details.constraints?.map((one) => ({ ...one, name: only.name ?? "" }));
  return {
    operation: { ...operation, name: only.name, details: { ...details, ...(constraints && { constraints }) } },
    schema,
  };
}
