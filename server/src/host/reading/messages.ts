/** What threads that read together say to each other. */
import type { ProjectConfig } from "../../project/snapshot.ts";
import type { Testimony } from "../recall.ts";
import type { Compact } from "./compact.ts";

/** Handed to a thread when it starts. */
export interface Assignment {
  readonly config: ProjectConfig;
  readonly moduleFolders: readonly string[];
  /** What else `MakeExtra` needs. */
  readonly circumstances?: unknown;
}

/** Paths with their texts. */
export type Batch = readonly (readonly [path: string, text: string])[];

export interface BatchAnswer {
  readonly readings: readonly Compact[];
  /** What it has asked of the disk for all its batches so far. */
  readonly testimony: Testimony;
}
