import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { directive, isSilent } from "../../../server/src/model/calls/directives/index.ts";
import { call, member, op, read, reference } from "./build.ts";

interface Parameters {
  readonly positional: readonly string[];
  readonly keywords: readonly string[];
}
type Listing = Readonly<Record<string, Parameters>>;

/** Written by `test/slow/list_directives.py`; a slow test compares it with the Alembic that is installed. */
const alembic = JSON.parse(readFileSync(new URL("alembic.json", import.meta.url), "utf8")) as {
  version: string;
  op: Listing;
  batch: Listing;
};

/** Run something, or are told apart from directives by the reader itself. */
const special = ["execute", "invoke", "run_async"];
const canonical = (parameters: readonly string[]): readonly string[] =>
  parameters.map((spelled) => spelled.split("|")[0] ?? spelled);

describe(`Alembic ${alembic.version}`, () => {
  for (const [name, { positional }] of Object.entries(alembic.op)) {
    test(`op.${name} is known`, () => {
      if (special.includes(name)) expect(read(op(name, reference("app.x"))).length).toBe(1);
      else if (!isSilent(name))
        expect(canonical(directive(name)?.parameters ?? []).slice(0, positional.length)).toEqual(positional);
    });
  }

  for (const [name, { positional }] of Object.entries(alembic.batch)) {
    test(`a batch's ${name} is known`, () => {
      const batch = op("batch_alter_table", "t");
      if (special.includes(name)) expect(read(call(member(batch, name), reference("app.x"))).length).toBe(1);
      else if (!isSilent(name))
        expect(canonical(directive(name)?.batch ?? []).slice(0, positional.length)).toEqual(positional);
    });
  }

  test("has no directive that only the reader knows", () => {
    const known = [
      "add_column",
      "alter_column",
      "bulk_insert",
      "create_index",
      "create_table",
      "drop_column",
      "rename_table",
    ];
    for (const name of known) expect(Object.keys(alembic.op)).toContain(name);
  });
});
