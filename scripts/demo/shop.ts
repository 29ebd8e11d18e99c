import path from "node:path";
import { root } from "../host/paths.ts";

/** The sample project that the demo opens and the tests walk through. */
export const shop = {
  folder: path.join(root, "samples", "shop"),
  /** Where the demo's database stands: some revisions before the head. */
  standing: "9e0a3c7d5b84",
  /** Adds a column, fills it and drops the old ones, all in one. */
  mixed: "b1f7e5a3c092",
  mixedFile: "migrations/versions/b1f7e5a3c092_give_users_a_full_name.py",
  head: "5a3f0b8e7c29",
} as const;
