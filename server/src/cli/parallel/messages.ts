/** What the threads of one check say to each other. */
import type { Testimony } from "../../host/recall.ts";
import type { Circumstances, Summary } from "./summary.ts";

/** Handed to a thread when it starts. */
export interface Assignment extends Circumstances {
  readonly moduleFolders: readonly string[];
}

/** Paths with their texts. */
export type Batch = readonly (readonly [path: string, text: string])[];

export interface BatchAnswer {
  readonly summaries: readonly Summary[];
  /** What it has asked of the disk for it. */
  readonly testimony: Testimony;
}
