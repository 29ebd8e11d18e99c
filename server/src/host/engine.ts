/** Loads the grammars, from `node_modules` when run from source and from beside the bundle when run from `dist/`. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loadSql } from "../sql/parse.ts";
import { loadPython } from "../syntax/parser.ts";

let pending: Promise<void> | undefined;

/**
 * Makes `readRevision` and `parseSql` ready; to be awaited once before either is called. Calling it again is free.
 * @throws Error naming the grammar file that is missing.
 */
export function loadEngine(): Promise<void> {
  pending ??= loadAll();
  return pending;
}

async function loadAll(): Promise<void> {
  const [runtime, python] = await Promise.all([
    readFile(findGrammar("web-tree-sitter", "web-tree-sitter.wasm")),
    readFile(findGrammar("tree-sitter-python", "tree-sitter-python.wasm")),
  ]);
  await Promise.all([loadPython({ runtime, python }), loadSql(loadBuild)]);
}

const here = path.dirname(fileURLToPath(import.meta.url));

const load = createRequire(import.meta.url);

/** A grammar of node-sql-parser: a bundle of its own beside this one, or the package's file. */
function loadBuild(name: string): unknown {
  const beside = path.join(here, `sql-${name}.cjs`);
  return load(existsSync(beside) ? beside : `node-sql-parser/build/${name}.js`);
}

function findGrammar(packageName: string, file: string): string {
  const beside = path.join(here, file);
  if (existsSync(beside)) return beside;
  for (let folder = here; ; folder = path.dirname(folder)) {
    const installed = path.join(folder, "node_modules", packageName, file);
    if (existsSync(installed)) return installed;
    if (folder === path.dirname(folder)) throw new Error(`${file} is neither beside ${here} nor in node_modules.`);
  }
}
