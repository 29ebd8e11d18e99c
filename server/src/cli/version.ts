import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The version in the package's manifest: above the sources as well as above the bundle. */
export function readVersion(): string {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const file = path.join(folder, "package.json");
    if (existsSync(file)) {
      const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
      if (isOurs(manifest)) return manifest.version;
    }
    if (folder === path.dirname(folder)) return "unknown";
  }
}

const isOurs = (manifest: unknown): manifest is { readonly version: string } =>
  typeof manifest === "object" &&
  manifest !== null &&
  "name" in manifest &&
  manifest.name === "retort" &&
  "version" in manifest &&
  typeof manifest.version === "string";
