import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

interface Manifest {
  readonly name: "retort";
  readonly version: string;
  readonly homepage?: unknown;
}

/** Of the package: above the sources as well as above the bundle. */
function readManifest(): Manifest | undefined {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const file = path.join(folder, "package.json");
    if (existsSync(file)) {
      const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
      if (isOurs(manifest)) return manifest;
    }
    if (folder === path.dirname(folder)) return undefined;
  }
}

let manifest: Manifest | undefined;
const known = (): Manifest | undefined => (manifest ??= readManifest());

export const readVersion = (): string => known()?.version ?? "unknown";

export function readHomepage(): string | undefined {
  const homepage = known()?.homepage;
  return typeof homepage === "string" ? homepage : undefined;
}

const isOurs = (value: unknown): value is Manifest =>
  typeof value === "object" &&
  value !== null &&
  "name" in value &&
  value.name === "retort" &&
  "version" in value &&
  typeof value.version === "string";
