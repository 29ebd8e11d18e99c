/** Loads the grammars, from `node_modules` when run from source and from beside the bundle when run from `dist/`. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { dialects } from "../sql/action.ts";
import { loadSql } from "../sql/parse.ts";
import { loadPython } from "../syntax/parser.ts";

let pending: Promise<void> | undefined;

/**
 * Makes `readRevision` and `parseSql` ready; to be awaited once before either is called. Calling it again is free.
 * @throws Error naming the grammar file that is missing.
 */
export function loadEngine(): Promise<void> {
  pending ??= load();
  return pending;
}

async function load(): Promise<void> {
  const [runtime, python] = await Promise.all([
    readFile(findGrammar("web-tree-sitter", "web-tree-sitter.wasm")),
    readFile(findGrammar("tree-sitter-python", "tree-sitter-python.wasm")),
  ]);
  await Promise.all([loadPython({ runtime, python }), ...dialects.map(loadSql)]);
}

const here = path.dirname(fileURLToPath(import.meta.url));

function findGrammar(packageName: string, file: string): string {
  const beside = path.join(here, file);
  if (existsSync(beside)) return beside;
  for (let folder = here; ; folder = path.dirname(folder)) {
    const installed = path.join(folder, "node_modules", packageName, file);
    if (existsSync(installed)) return installed;
    if (folder === path.dirname(folder)) throw new Error(`${file} is neither beside ${here} nor in node_modules.`);
  }
}
