/** What a script of an afternoon would do for the graph alone: read every file and search it for the identifiers. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = process.argv[2] ?? ".";
const parents = new Map<string, readonly string[]>();
for (const name of readdirSync(folder)) {
  if (!name.endsWith(".py")) continue;
  const text = readFileSync(path.join(folder, name), "utf8");
  const id = /^revision\b[^=\n]*=\s*["']([^"']+)/m.exec(text)?.[1];
  const down = /^down_revision\b[^=\n]*=\s*(.*)/m.exec(text)?.[1] ?? "";
  if (id !== undefined)
    parents.set(
      id,
      [...down.matchAll(/["']([^"']+)["']/g)].flatMap(([, one]) => one ?? []),
    );
}
const named = new Set([...parents.values()].flat());
process.stdout.write(`${[...parents.keys()].filter((id) => !named.has(id)).join(" ")}\n`);
