import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { directivesWithOptions, optionsOf } from "../../server/src/features/completion/options.ts";

interface Signature {
  readonly positional: readonly string[];
  readonly keywords: readonly string[];
}
/** As a test lists them from the Alembic that is installed. */
const alembic = JSON.parse(readFileSync(new URL("../model/calls/alembic.json", import.meta.url), "utf8")) as Record<
  "op" | "batch",
  Record<string, Signature>
>;

test.each(["op", "batch"] as const)("the options offered on %s are those that Alembic takes by keyword", (on) => {
  const isBatch = on === "batch";
  for (const [name, { positional, keywords }] of Object.entries(alembic[on])) {
    const offered = [...optionsOf(name, isBatch, "sqlite").keys()];
    const taken = [...keywords, ...positional];
    expect(
      offered.filter((option) => !taken.includes(option)),
      name,
    ).toEqual([]);
    if (!/^(?:add|alter|create|drop|rename|bulk)_/.test(name) || name === "create_module_class_proxy") continue;
    expect(
      keywords.filter((keyword) => !offered.includes(keyword)),
      name,
    ).toEqual([]);
  }
  expect(directivesWithOptions(isBatch).filter((name) => alembic[on][name] === undefined)).toEqual([]);
});
