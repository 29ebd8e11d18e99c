import { readdir } from "node:fs/promises";
import path from "node:path";
import type { Programs } from "./retort.ts";
import { bundleProgram, copyGrammars } from "../build.ts";

const children = path.join(import.meta.dirname, "children");

/** Makes programs of the measured parts, bundled as the product is: what starts them must not count. */
export async function bundleChildren(folder: string): Promise<Programs["child"]> {
  const programOf = (name: string): string => path.join(folder, `${name}.cjs`);
  const names = (await readdir(children))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => path.basename(name, ".ts"));
  await Promise.all([
    copyGrammars(folder),
    ...names.map((name) => bundleProgram(path.join(children, `${name}.ts`), programOf(name))),
  ]);
  return programOf;
}
