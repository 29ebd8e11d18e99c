/** Whether a direction changes the schema of tables that exist, or their rows. */
import type { Direction } from "../model/revision.ts";
import type { ProjectConfig } from "../project/snapshot.ts";
import { findChanges } from "../schema/changes.ts";

export interface Halves {
  readonly schema: boolean;
  readonly data: boolean;
}

/** By config, which stays the same value until it changes: what asks this of a whole history asks it again at every edit. */
const kept = new WeakMap<ProjectConfig, WeakMap<Direction, Halves>>();

export function halvesOf(direction: Direction, config: ProjectConfig): Halves {
  const known = kept.get(config) ?? new WeakMap<Direction, Halves>();
  kept.set(config, known);
  const found = known.get(direction);
  if (found) return found;
  const { schema, data } = findChanges(direction, config);
  const halves = { schema: schema.length > 0, data: data.length > 0 };
  known.set(direction, halves);
  return halves;
}
