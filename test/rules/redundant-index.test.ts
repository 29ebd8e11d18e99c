import { describe, expect, test } from "vitest";
import { redundantIndex as rule } from "../../server/src/rules/redundant-index.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "redundant-index": { severity: "information" } } }]) };

describe("finds", () => {
  test("and names the other", () =>
    flags(
      rule,
      `op.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)")\nop.create_index("ix_a_b", "t", ["a", "b"])\n` +
        marked(
          `op.create_index("ix_a", "t", ["a"])`,
          `create_index`,
          `information: ix_a_b of t begins with a already: this index finds nothing that it does not.`,
        ) +
        ``,
      strict,
    ));
  test.each([
    [
      "the primary key",
      `op.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)")\nop.create_index("ix_a_b", "t", ["a", "b"])\nop.create_index("ix_id", "t", ["id"])`,
    ],
    [
      "the same columns",
      `op.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)")\nop.create_index("ix_a_b", "t", ["a", "b"])\nop.create_index("ix_2", "t", ["a", "b"])`,
    ],
    [
      "SQL text",
      `op.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)")\nop.create_index("ix_a_b", "t", ["a", "b"])\nop.execute("CREATE INDEX ix_a ON t (a)")`,
    ],
    [
      "an older table",
      `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)")\nop.create_index("ix_a_b", "t", ["a", "b"])\n-- versions/0002_b.py --\nop.create_index("ix_a", "t", ["a"])`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    [
      "another column first",
      `op.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)")\nop.create_index("ix_a_b", "t", ["a", "b"])\nop.create_index("ix_b", "t", ["b"])`,
    ],
    [
      "more columns",
      `op.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)")\nop.create_index("ix_a_b", "t", ["a", "b"])\nop.create_index("ix_abid", "t", ["a", "b", "id"])`,
    ],
    [
      "a unique index",
      `op.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)")\nop.create_index("ix_a_b", "t", ["a", "b"])\nop.create_index("uq_a", "t", ["a"], unique=True)`,
    ],
    [
      "an order",
      `op.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)")\nop.create_index("ix_a_b", "t", ["a", "b"])\nop.execute("CREATE INDEX ix_a ON t (a DESC)")`,
    ],
    [
      "another method",
      `op.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)")\nop.create_index("ix_a_b", "t", ["a", "b"])\nop.execute("CREATE INDEX ix_a ON t USING hash (a)")`,
    ],
    [
      "an index that is gone",
      `op.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)")\nop.create_index("ix_a_b", "t", ["a", "b"])\nop.drop_index("ix_a_b", "t")\nop.create_index("ix_a", "t", ["a"])`,
    ],
    ["an unknown table", `op.create_index("ix_a", "t", ["a"])`],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});
