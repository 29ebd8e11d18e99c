import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A digest of the program that runs: its bundle, the grammars beside it, and the engine that runs them. What one build
 * has kept is nothing to another. Undefined when run from source, where nothing tells of a change.
 */
export function buildIdentity(bundle = fileURLToPath(import.meta.url)): string | undefined {
  if (!bundle.endsWith(".cjs")) return undefined;
  try {
    const folder = path.dirname(bundle);
    const grammars = readdirSync(folder).filter((name) => /^sql-.*\.cjs$|\.wasm$/.test(name));
    const digest = createHash("sha256").update(`node ${process.versions.node} v8 ${process.versions.v8}\n`);
    for (const name of [path.basename(bundle), ...grammars.sort()]) {
      const bytes = readFileSync(path.join(folder, name));
      digest.update(`${name} ${bytes.length}\n`).update(bytes);
    }
    return digest.digest("base64url");
  } catch {
    return undefined;
  }
}
