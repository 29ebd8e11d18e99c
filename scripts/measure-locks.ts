/** Measures every row of `scripts/locks/rows` on every version of PostgreSQL and writes `scripts/locks/measured.json`. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { format } from "prettier";
import { createScope } from "./host/scope.ts";
import { measureAll } from "./locks/measure-all.ts";
import { toStored } from "./locks/stored.ts";

const file = path.join(import.meta.dirname, "locks", "measured.json");
const scope = createScope();
process.once("SIGINT", () => void scope.close().finally(() => process.exit(130)));
try {
  const text = JSON.stringify(toStored(await measureAll(scope)));
  await writeFile(file, await format(text, { parser: "json", printWidth: 120 }));
} finally {
  await scope.close();
}
