/** Tests, loops and handlers of SQL's own are context, as those of Python are. */
import { expect, test } from "vitest";
import { upgradeOf } from "../reading.ts";

const contexts = (block: string): readonly string[] =>
  upgradeOf(`op.execute("""DO $$ BEGIN ${block} END $$""")`).operations.flatMap(({ kind, context }) =>
    kind === "do" ? [] : [context.map((one) => (one.kind === "branch" ? one.on : one.kind)).join(" ")],
  );

test.each([
  ["DROP TABLE t;", [""]],
  ["IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 't') THEN DROP TABLE t; END IF;", ["existence"]],
  ["IF to_regclass('t') IS NOT NULL THEN DROP TABLE t; ELSE CREATE TABLE u (); END IF;", ["existence", "existence"]],
  ["IF (SELECT count(*) FROM u) = 0 THEN DROP TABLE t; END IF;", ["other"]],
  ["BEGIN DROP TABLE t; EXCEPTION WHEN undefined_table THEN NULL; END;", ["try"]],
  ["LOOP DELETE FROM t; EXIT WHEN NOT FOUND; END LOOP;", ["loop"]],
  ["FOR i IN 1..9 LOOP IF i > 3 THEN DELETE FROM t; END IF; END LOOP;", ["loop other"]],
  ["WHILE true LOOP EXECUTE 'DELETE FROM t'; END LOOP;", ["loop"]],
])("%s", (block, expected) => {
  expect(contexts(block)).toEqual(expected);
});
