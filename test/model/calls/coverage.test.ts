import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { directive, isSilent } from "../../../server/src/model/calls/directives/index.ts";
import { call, keywords, member, op, read, reference, sa, type Plain } from "./build.ts";

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

  for (const [on, listing] of Object.entries({ op: alembic.op, batch: alembic.batch })) {
    for (const [name, { keywords }] of Object.entries(listing)) {
      if (isSilent(name)) continue;
      for (const keyword of keywords) {
        test(`${keyword} of ${on}.${name} is read, or does not matter`, () => {
          const changes = JSON.stringify(reading(on, name)) !== JSON.stringify(reading(on, name, keyword));
          expect(changes ? "read" : withoutEffect[keyword]).toBeDefined();
          expect(changes && keyword in withoutEffect).toBe(false);
        });
      }
    }
  }
});

/** Arguments that change nothing of what is known about an operation. */
const withoutEffect: Readonly<Record<string, string>> = {
  execution_options: "how the statement is sent",
  existing_comment: "MySQL repeats it",
  insert_after: "where a column stands in a copy of the table",
  insert_before: "where a column stands in a copy of the table",
  multiinsert: "whether the rows are sent one by one",
};

const values: Readonly<Record<string, Plain>> = {
  comment: "c",
  deferrable: true,
  existing_comment: "c",
  existing_nullable: true,
  existing_server_default: "x",
  existing_type: sa("Text"),
  if_exists: true,
  if_not_exists: true,
  initially: "DEFERRED",
  inline_primary_key: true,
  inline_references: true,
  match: "FULL",
  new_column_name: "n",
  nullable: false,
  ondelete: "CASCADE",
  onupdate: "CASCADE",
  referent_schema: "s",
  schema: "s",
  server_default: "x",
  source_schema: "s",
  type_: sa("Text"),
  unique: true,
};

const key = sa("ForeignKey", "u.id", keywords({ name: "fk" }));
const own = sa("Column", "c", sa("Integer"), key, keywords({ primary_key: true }));

/** A column's directives have its column, all others the names that they ask for. */
function reading(on: string, name: string, keyword?: string): unknown {
  const positional = (on === "op" ? alembic.op : alembic.batch)[name]?.positional ?? [];
  const args = positional.map((parameter): Plain =>
    parameter === "column" ? own : /columns|_cols|rows/.test(parameter) ? ["c"] : parameter,
  );
  const given = keyword === undefined ? {} : { [keyword]: values[keyword] ?? "x" };
  const called =
    on === "op"
      ? op(name, ...args, keywords(given))
      : call(member(op("batch_alter_table", "t"), name), ...args, keywords(given));
  return read(called);
}
