/**
 * The floor: reads the Python files of a folder and parses each with tree-sitter, nothing else. In one thread, or in as
 * many as are asked for: `floor.cjs FOLDER THREADS`.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { loadPython, parsePython } from "../../../server/src/syntax/parser.ts";

interface Part {
  readonly folder: string;
  readonly index: number;
  readonly of: number;
}

const program = fileURLToPath(import.meta.url);

async function parse({ folder, index, of }: Part): Promise<void> {
  const beside = (name: string): Uint8Array => readFileSync(path.join(path.dirname(program), name));
  await loadPython({ runtime: beside("web-tree-sitter.wasm"), python: beside("tree-sitter-python.wasm") });
  const names = readdirSync(folder).filter((name) => name.endsWith(".py"));
  for (const [i, name] of names.entries())
    if (i % of === index) parsePython(readFileSync(path.join(folder, name), "utf8"))?.delete();
}

const part = (index: number): Part => ({ folder: process.argv[2] ?? ".", index, of: Number(process.argv[3] ?? 1) });

if (isMainThread)
  for (let i = 1; i < part(0).of; i++) new Worker(program, { workerData: part(i), argv: process.argv.slice(2) });
void parse(isMainThread ? part(0) : (workerData as Part));
