import path from "node:path";

/** The checkout. */
export const root = path.resolve(import.meta.dirname, "../..");

/** What scripts download or build and may be deleted at any time. */
export const cache = process.env["RETORT_CACHE"] ?? path.join(root, ".cache");
