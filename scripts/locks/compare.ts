/** Whether a prediction is what was measured. */
import { type Impact, type LockMode, lockModes } from "../../server/src/locks/impact.ts";
import { toMeasured } from "./predicted.ts";
import type { Measured } from "./row.ts";

/**
 * Empty where they agree. A certain prediction must be exactly what was seen; where it is `likely`, the worst was assumed:
 * then nothing may have been seen that it does not cover.
 */
export function differences(predicted: Impact, seen: Measured): readonly string[] {
  const told = toMeasured(predicted);
  if (predicted.confidence === "likely") return uncovered(told, seen);
  const parts = ["locks", "rewrites", "scans", "builds", "transactional", "waits"] as const;
  return parts.flatMap((part) =>
    JSON.stringify(told[part]) === JSON.stringify(seen[part])
      ? []
      : [`${part}: predicted ${JSON.stringify(told[part])}, seen ${JSON.stringify(seen[part])}`],
  );
}

const strength = (mode: LockMode | undefined): number => (mode === undefined ? -1 : lockModes.indexOf(mode));

function uncovered(told: Measured, seen: Measured): readonly string[] {
  const missing: string[] = [];
  for (const [table, mode] of Object.entries(seen.locks))
    if (strength(told.locks[table]) < strength(mode))
      missing.push(`${mode} on ${table} was seen, and ${told.locks[table] ?? "nothing"} predicted`);
  const written = new Set(told.rewrites);
  for (const part of ["rewrites", "scans", "builds"] as const)
    for (const table of seen[part])
      if (!told[part].includes(table) && !written.has(table)) missing.push(`${part} ${table}: seen, not predicted`);
  if (told.transactional !== seen.transactional) missing.push(`transactional: seen ${String(seen.transactional)}`);
  if (seen.waits && !told.waits) missing.push("it was seen to wait");
  return missing;
}
